// SPDX-License-Identifier: Apache-2.0
import Crypto
import CryptoExtras
import Foundation
package import Mappings

extension TokenSigner {
    /// The signatures of RFC 7518 with keys in PEM: PKCS#1 or PKCS#8 of at least 2048 bits for RSA, P-256 for ES256.
    package static let live = TokenSigner(
        sign: { bytes, algorithm, key in
            switch algorithm {
            case .es256:
                (try? P256.Signing.PrivateKey(pemRepresentation: key).signature(for: bytes)).map {
                    Array($0.rawRepresentation)
                }
            case .rs256, .ps256:
                (try? _RSA.Signing.PrivateKey(pemRepresentation: key).signature(
                    for: bytes, padding: algorithm == .rs256 ? .insecurePKCS1v1_5 : .PSS)).map {
                        Array($0.rawRepresentation)
                    }
            }
        }, thumbprint: { certificate in der(certificate).map { Array(SHA256.hash(data: $0)) } })

    /// What stands between the first pair of marks (RFC 7468).
    private static func der(_ text: String) -> Data? {
        guard let begin = text.firstRange(of: "-----BEGIN CERTIFICATE-----"),
            let end = text[begin.upperBound...].firstRange(of: "-----END CERTIFICATE-----")
        else { return nil }
        let data = Data(base64Encoded: String(text[begin.upperBound..<end.lowerBound].filter { !$0.isWhitespace }))
        return data?.isEmpty == true ? nil : data
    }
}
