// SPDX-License-Identifier: Apache-2.0
import CQPDF
import Glibc

/// What a PDF may weigh. Past a limit the file is refused with `PDF-LIMIT`, or the attachment is left out.
enum PDFLimits {
    /// Bytes of the file: it is read into memory.
    static let file = 64 << 20
    /// Bytes of one embedded file, decompressed.
    static let attachment = 32 << 20
    /// Bytes of all embedded files, decompressed.
    static let attachments = 64 << 20
    static let count = 256
    /// Nodes of the tree of embedded files.
    static let nodes = 4096
}

/// A file inside a PDF.
struct PDFAttachment {
    enum Content {
        case bytes([UInt8])
        case tooLong
        /// Why its bytes cannot be had.
        case unread(String)
    }

    var name: String
    /// `text/xml`, where it is stated.
    var mediaType: String?
    var content: Content

    var bytes: [UInt8]? {
        guard case .bytes(let bytes) = content else { return nil }
        return bytes
    }
}

/// One PDF in qpdf, opened from memory; its objects are walked, and nothing is rendered or run.
///
/// The only place that touches libqpdf. Its own words go nowhere: what it complains of while it repairs a file is of no
/// use to a reader of invoices.
@safe struct PDFHandle: ~Copyable {
    enum Trouble: Error {
        case noMemory, encrypted, damaged(String)
    }

    private var document: qpdf_data?
    private let memory: UnsafeMutablePointer<CChar>

    init(_ bytes: [UInt8]) throws(Trouble) {
        let room = UnsafeMutablePointer<CChar>.allocate(capacity: max(1, bytes.count))
        for (index, byte) in bytes.enumerated() { unsafe room[index] = CChar(bitPattern: byte) }
        unsafe memory = room
        unsafe document = qpdf_init()
        guard unsafe document != nil else { throw .noMemory }
        unsafe qpdf_silence_errors(document)
        unsafe qpdf_set_suppress_warnings(document, 1)
        let code = unsafe qpdf_read_memory(document, "file", room, UInt64(bytes.count), nil)
        if code & 2 != 0 {
            let error = unsafe qpdf_get_error(document)
            if unsafe qpdf_get_error_code(document, error) == qpdf_e_password { throw .encrypted }
            let detail = unsafe qpdf_get_error_message_detail(document, error)
            throw .damaged(unsafe detail.map { text in unsafe String(cString: text) } ?? "it cannot be read")
        }
        guard unsafe qpdf_is_encrypted(document) == 0 else { throw .encrypted }
        _ = unsafe qpdf_get_root(document)
        if let trouble = unsafe Self.trouble(document) { throw .damaged(trouble) }
    }

    /// What the last call complained of. Taken, as cleaning up prints a complaint that nobody asked for.
    private static func trouble(_ document: qpdf_data?) -> String? {
        guard unsafe qpdf_has_error(document) != 0 else { return nil }
        let error = unsafe qpdf_get_error(document)
        let detail = unsafe qpdf_get_error_message_detail(document, error)
        return unsafe detail.map { text in unsafe String(cString: text) } ?? "it cannot be read"
    }

    deinit {
        var document = unsafe self.document
        if unsafe document != nil {
            _ = unsafe Self.trouble(document)
            unsafe qpdf_cleanup(&document)
        }
        unsafe memory.deallocate()
    }

    /// The embedded files, those of the catalogue's AF array first; each once.
    ///
    /// - Returns: At most `PDFLimits.count`; `isWhole` says whether that was all.
    func attachments() -> (found: [PDFAttachment], isWhole: Bool) {
        var walk = unsafe Walk(document: document)
        let root = unsafe qpdf_get_root(document)
        let associated = walk.key(root, "/AF")
        for index in 0..<walk.count(associated) { walk.add(walk.item(associated, index)) }
        walk.tree(walk.key(walk.key(root, "/Names"), "/EmbeddedFiles"), depth: 0)
        return (walk.found, walk.isWhole)
    }

    /// The walk through the objects; a handle of 0 stands for none.
    @safe private struct Walk {
        let document: qpdf_data?
        var found: [PDFAttachment] = []
        var isWhole = true
        private var seen: Set<Int32> = []
        private var nodes = 0
        private var total = 0

        init(document: qpdf_data?) { unsafe self.document = document }

        func key(_ object: qpdf_oh, _ name: String) -> qpdf_oh {
            guard object != 0, unsafe qpdf_oh_is_dictionary(document, object) != 0 else { return 0 }
            return unsafe qpdf_oh_get_key(document, object, name)
        }

        func count(_ object: qpdf_oh) -> Int {
            guard object != 0, unsafe qpdf_oh_is_array(document, object) != 0 else { return 0 }
            return max(0, min(Int(unsafe qpdf_oh_get_array_n_items(document, object)), PDFLimits.nodes))
        }

        func item(_ object: qpdf_oh, _ index: Int) -> qpdf_oh {
            unsafe qpdf_oh_get_array_item(document, object, Int32(index))
        }

        /// A name tree: `Names` are pairs of name and value, `Kids` are trees (ISO 32000-1, 7.9.6).
        mutating func tree(_ node: qpdf_oh, depth: Int) {
            nodes += 1
            guard node != 0, nodes <= PDFLimits.nodes, depth < 32 else {
                if nodes > PDFLimits.nodes || depth >= 32 { isWhole = false }
                return
            }
            let names = key(node, "/Names")
            for index in stride(from: 1, to: count(names), by: 2) { add(item(names, index)) }
            let kids = key(node, "/Kids")
            for index in 0..<count(kids) { tree(item(kids, index), depth: depth + 1) }
        }

        /// One file specification.
        mutating func add(_ specification: qpdf_oh) {
            let files = key(specification, "/EF")
            var stream = key(files, "/UF")
            if !isStream(stream) { stream = key(files, "/F") }
            guard isStream(stream) else { return }
            let id = unsafe qpdf_oh_get_object_id(document, stream)
            guard id == 0 || seen.insert(id).inserted else { return }
            guard found.count < PDFLimits.count else {
                isWhole = false
                return
            }
            let name =
                text(key(specification, "/UF")) ?? text(key(specification, "/F")) ?? "attachment-\(found.count + 1)"
            let type = self.name(key(unsafe qpdf_oh_get_dict(document, stream), "/Subtype"))
            found.append(PDFAttachment(name: name, mediaType: type, content: content(stream)))
        }

        private func isStream(_ object: qpdf_oh) -> Bool {
            unsafe object != 0 && qpdf_oh_is_stream(document, object) != 0
        }

        private mutating func content(_ stream: qpdf_oh) -> PDFAttachment.Content {
            let left = min(PDFLimits.attachment, PDFLimits.attachments - total)
            let dictionary = unsafe qpdf_oh_get_dict(document, stream)
            let content: PDFAttachment.Content
            switch filter(dictionary) {
            case .none: content = bytes(stream, decoded: false, most: left)
            // Text forms of bytes are longer than what they stand for.
            case "ASCIIHexDecode", "ASCII85Decode": content = bytes(stream, decoded: true, most: left)
            case "FlateDecode":
                guard case .bytes(let raw) = bytes(stream, decoded: false, most: PDFLimits.file) else {
                    return .tooLong
                }
                content =
                    switch Inflate.zlib(raw, most: left) {
                    case .bytes(let bytes): .bytes(bytes)
                    case .tooLong: .tooLong
                    case .damaged: .unread("its compressed bytes are damaged")
                    }
            case .some(let other): content = .unread("it is stored as \(other), which is not read")
            }
            if case .bytes(let bytes) = content { total += bytes.count }
            return content
        }

        /// The name of the only filter without parameters; nil for none, and words for several.
        private func filter(_ dictionary: qpdf_oh) -> String? {
            var filter = key(dictionary, "/Filter")
            if count(filter) > 1 { return "several filters" }
            if count(filter) == 1 { filter = item(filter, 0) }
            var parameters = key(dictionary, "/DecodeParms")
            if count(parameters) > 0 { parameters = item(parameters, 0) }
            let predictor = key(parameters, "/Predictor")
            if predictor != 0, unsafe qpdf_oh_is_integer(document, predictor) != 0,
                unsafe qpdf_oh_get_int_value(document, predictor) > 1
            {
                return "a predicted stream"
            }
            return name(filter)
        }

        private func bytes(_ stream: qpdf_oh, decoded: Bool, most: Int) -> PDFAttachment.Content {
            var buffer: UnsafeMutablePointer<UInt8>?
            var length = 0
            let level = decoded ? qpdf_dl_generalized : qpdf_dl_none
            let code = unsafe qpdf_oh_get_stream_data(document, stream, level, nil, &buffer, &length)
            defer { unsafe free(buffer) }
            guard code & 2 == 0, let start = unsafe buffer else { return .unread("its bytes cannot be found") }
            guard length <= most else { return .tooLong }
            return .bytes(unsafe [UInt8](UnsafeBufferPointer(start: start, count: length)))
        }

        private func text(_ object: qpdf_oh) -> String? {
            guard object != 0, unsafe qpdf_oh_is_string(document, object) != 0 else { return nil }
            var length = 0
            guard let start = unsafe qpdf_oh_get_binary_utf8_value(document, object, &length), length > 0 else {
                return nil
            }
            return unsafe String(
                decoding: UnsafeRawBufferPointer(start: start, count: min(length, 1024)), as: UTF8.self)
        }

        /// A name without its slash.
        private func name(_ object: qpdf_oh) -> String? {
            guard object != 0, unsafe qpdf_oh_is_name(document, object) != 0,
                let start = unsafe qpdf_oh_get_name(document, object)
            else { return nil }
            return String(unsafe String(cString: start).dropFirst())
        }
    }
}
