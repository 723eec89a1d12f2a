// SPDX-License-Identifier: Apache-2.0

/// An absolute `http` or `https` URL, in the parts that decide where a request goes.
package struct WebAddress: Hashable, Sendable {
    package let scheme: String
    /// Lower case; an IPv6 address keeps its brackets.
    package let host: String
    package let port: Int
    /// From the first slash, with query, without fragment.
    package let target: String

    /// Nil for another scheme, a user or password in it, no host, or a blank or control character anywhere.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }) else { return nil }
        guard let colon = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<colon.lowerBound].lowercased()
        guard scheme == "https" || scheme == "http" else { return nil }
        let rest = text[colon.upperBound...]
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        let authority = rest[..<end]
        guard !authority.isEmpty, !authority.contains("@") else { return nil }
        var host = String(authority)
        var port = scheme == "https" ? 443 : 80
        let afterBracket = authority.lastIndex(of: "]") ?? authority.startIndex
        if let mark = authority[afterBracket...].lastIndex(of: ":") {
            guard let number = Int(authority[authority.index(after: mark)...]), number > 0, number < 65536 else {
                return nil
            }
            port = number
            host = String(authority[..<mark])
        }
        guard !host.isEmpty, host.hasPrefix("[") == host.hasSuffix("]") else { return nil }
        self.scheme = scheme
        self.host = host.lowercased()
        self.port = port
        let tail = rest[end...].prefix { $0 != "#" }
        target = tail.hasPrefix("/") ? String(tail) : "/" + tail
    }

    package var text: String { origin + target }

    /// Scheme, host and port: credentials go nowhere else.
    package var origin: String {
        let usual = scheme == "https" ? 443 : 80
        return "\(scheme)://\(host)" + (port == usual ? "" : ":\(port)")
    }

    package func isSameOrigin(as other: WebAddress) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }

    /// This machine itself: the only place where `http` is safe.
    package var isLoopback: Bool {
        host == "localhost" || host == "[::1]" || host.hasPrefix("127.") && host.utf8.allSatisfy { $0 < 0x3A }
    }

    /// What a link in this address' answer means (RFC 3986, 5.2); nil for no address.
    package func resolved(_ link: String) -> WebAddress? {
        let link = link.split(separator: "#", omittingEmptySubsequences: false).first.map(String.init) ?? ""
        if link.contains("://"), !link.hasPrefix("/"), !link.hasPrefix("?") { return WebAddress(link) }
        if link.hasPrefix("//") { return WebAddress(scheme + ":" + link) }
        let path = target.prefix { $0 != "?" }
        let joined: String
        if link.hasPrefix("/") {
            joined = link
        } else if link.hasPrefix("?") {
            joined = path + link
        } else {
            joined = path[...(path.lastIndex(of: "/") ?? path.startIndex)] + link
        }
        return WebAddress(origin + joined)
    }
}
