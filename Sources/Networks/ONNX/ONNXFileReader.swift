import Disk

/// Reads an ONNX file (onnx.proto). Its messages are in extensions: `graph`, `node`, `attribute`, `tensor`, `value`.
final class ONNXFileReader {
    let source: MeteredFile
    let external: ExternalFiles

    static let greatestNodeCount = 100_000
    static let greatestInitializerCount = 100_000
    /// The versions of the standard operators whose meaning is known.
    static let opsets = 7...28

    var path: String { source.file.path }

    init(_ file: OpenFile) {
        source = MeteredFile(file)
        external = ExternalFiles(beside: file.path)
    }

    func fault(_ reason: String, place: String? = nil, remedy: String) -> NetworkError {
        NetworkError(file: path, place: place, reason: reason, remedy: remedy)
    }

    func model() throws(NetworkError) -> ONNXModel {
        var reader = WireReader(source, 0..<source.file.size, "ModelProto")
        var irVersion = 0
        var producer = ("", "")
        var opsets: [(domain: String, version: Int)] = []
        var functions: [(domain: String, name: String)] = []
        var graph: GraphContents?
        while let field = try reader.next() {
            switch field.number {
            case 1: irVersion = try reader.integer(field)
            case 2: producer.0 = try reader.text(field)
            case 3: producer.1 = try reader.text(field)
            case 7:
                guard graph == nil else { throw reader.fault("has two graphs") }
                graph = try self.graph(try reader.message(field, "GraphProto"))
            case 8:
                try source.charge(64)
                opsets.append(try operatorSet(try reader.message(field, "OperatorSetIdProto")))
            case 25:
                try source.charge(64)
                functions.append(try function(try reader.message(field, "FunctionProto")))
            // The rest is documentation, or for training (20).
            default: try reader.skip(field)
            }
        }
        guard let graph else { throw reader.fault("has no graph") }
        let opset = try standardOpset(opsets)
        try checkCalls(of: functions, graph)
        let words = [producer.0, producer.1].filter { !$0.isEmpty }
        var model = ONNXModel(
            path: path, irVersion: irVersion, opset: opset, producer: words.joined(separator: " "), nodes: graph.nodes,
            initializers: graph.initializers, inputs: graph.inputs.filter { graph.initializers[$0.name] == nil },
            outputs: graph.outputs)
        model.files = [source.file] + external.files
        return model
    }

    private func operatorSet(_ reader: WireReader) throws(NetworkError) -> (domain: String, version: Int) {
        var reader = reader
        var (domain, version) = ("", 0)
        while let field = try reader.next() {
            switch field.number {
            case 1: domain = try reader.text(field)
            case 2: version = try reader.integer(field)
            default: try reader.skip(field)
            }
        }
        return (domain, version)
    }

    private func function(_ reader: WireReader) throws(NetworkError) -> (domain: String, name: String) {
        var reader = reader
        var (domain, name) = ("", "")
        while let field = try reader.next() {
            switch field.number {
            case 1: name = try reader.text(field)
            case 10: domain = try reader.text(field)
            default: try reader.skip(field)
            }
        }
        return (domain, name)
    }

    private func standardOpset(_ opsets: [(domain: String, version: Int)]) throws(NetworkError) -> Int {
        let versions = opsets.filter { Self.isStandard($0.domain) }.map { $0.version }
        guard let version = versions.first else {
            throw fault(
                "does not say which version (opset) of the standard operators it uses",
                remedy: "Export it again, or check it with onnx.checker.check_model")
        }
        guard versions.allSatisfy({ $0 == version }) else {
            throw fault(
                "says two versions (opsets) of the standard operators: \(versions.min() ?? 0) and \(versions.max() ?? 0)",
                remedy: "Export it again")
        }
        guard Self.opsets.contains(version) else {
            let known = "\(Self.opsets.lowerBound) to \(Self.opsets.upperBound)"
            throw fault(
                "uses version (opset) \(version) of the standard operators; known are \(known)",
                remedy: "Convert it: onnx.version_converter.convert_version(onnx.load(file), 17)")
        }
        return version
    }

    static func isStandard(_ domain: String) -> Bool { domain.isEmpty || domain == "ai.onnx" }

    /// Functions that nobody calls do no harm.
    private func checkCalls(of functions: [(domain: String, name: String)], _ graph: GraphContents) throws(NetworkError)
    {
        guard !functions.isEmpty else { return }
        var names: [String: Set<String>] = [:]
        for (domain, name) in functions {
            names[Self.isStandard(domain) ? "" : domain, default: []].insert(name)
        }
        for node in graph.nodes where names[node.domain]?.contains(node.type) == true {
            throw fault(
                "calls a function that the file defines", place: node.label,
                remedy: "Put functions in their places: onnx.inliner.inline_local_functions(onnx.load(file))")
        }
    }
}

extension ONNXModel {
    /// Reads a file: its graph is checked and held, the values of its constants are read when they are asked for. No
    /// operator is looked at. Nothing of the file is trusted; beside its values it takes at most some 40 MiB of memory.
    ///
    /// - Throws: `NetworkError` if it cannot be read, is damaged or of another format, or uses what no network for
    ///   images has (functions, sparse tensors, operators of a version before 7).
    public init(path: String) throws(NetworkError) {
        let file: OpenFile
        do throws(DiskError) {
            file = try OpenFile(path: path)
        } catch {
            if let foreign = ForeignFormat.ofFolder(path) { throw foreign.error(path) }
            throw NetworkError(error)
        }
        do throws(NetworkError) {
            self = try ONNXFileReader(file).model()
        } catch {
            // Only what is no ONNX is asked what else it is: so no network is taken for something else.
            throw ForeignFormat(of: file)?.error(path) ?? error
        }
    }
}
