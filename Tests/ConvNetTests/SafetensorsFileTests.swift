import Foundation
import Testing

@testable import ConvNet

@Suite("Safetensors files")
struct SafetensorsFileTests {
    @Test
    func `a whole file gives names, shapes, values and metadata`() throws {
        let folder = try TemporaryFolder()
        let file = try SafetensorsFile(path: try folder.file(SafetensorsBytes.whole))
        #expect(file.names == ["a", "b"])
        #expect(file.metadata == ["padding": "symmetric"])
        #expect(file.shape(of: "a") == [2, 2] && file.shape(of: "c") == nil)
        #expect(try file.tensor(named: "a", shape: [2, 2]) == Tensor(shape: [2, 2], values: [1, 2, 3, 4]))
        #expect(try file.finiteTensor(named: "b", shape: [1]) == Tensor(shape: [1], values: [5]))
    }

    @Test
    func `spaces, escapes, scalars, empty tensors and any order of entries are read`() throws {
        let folder = try TemporaryFolder()
        let header = """
            { "\\u00e9\\ud83d\\ude00\\/\\n" : { "data_offsets" : [ 4 , 8 ] , "shape" : [ ] , "dtype" : "F32" } ,
              "b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}, "__metadata__" : { } ,
              "empty":{"dtype":"F32","shape":[0,7],"data_offsets":[4,4]} }
            """
        let path = try folder.file(SafetensorsBytes.file(header: header, data: SafetensorsBytes.floats(1, 2)))
        let file = try SafetensorsFile(path: path)
        #expect(file.names == ["b", "empty", "é😀/\n"])
        #expect(try file.tensor(named: "é😀/\n") == Tensor(shape: [], values: [2]))
        #expect(try file.tensor(named: "empty") == Tensor(shape: [0, 7], values: []))
    }

    @Test
    func `what is written is read again bit for bit, with NaN, signed zero and odd names`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/out.safetensors"
        let odd: [Float] = [
            -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -.infinity, .nan, Float(bitPattern: 0x7FC0_0001),
        ]
        let tensors = [
            (name: "z \"quoted\" \\ \u{1} é 😀", tensor: Tensor(shape: [2, 3], values: odd)),
            (name: "a", tensor: Tensor(shape: [], values: [7])),
            (name: "none", tensor: Tensor(shape: [3, 0], values: [])),
        ]
        let metadata = ["key \"": "value\n\u{0}\u{1f}", "": "empty"]
        try SafetensorsFile.write(tensors, metadata: metadata, to: path)
        let file = try SafetensorsFile(path: path)
        #expect(file.metadata == metadata)
        #expect(file.names == tensors.map(\.name).sorted())
        for (name, tensor) in tensors {
            let found = try file.tensor(named: name)
            #expect(
                found.shape == tensor.shape && found.values.map(\.bitPattern) == tensor.values.map(\.bitPattern),
                "\(name)")
        }
    }

    @Test
    func `bytes do not depend on the order of tensors, and data begins at a multiple of 8`() throws {
        let folder = try TemporaryFolder()
        let a = (name: "a", tensor: Tensor(shape: [1], values: [1]))
        let b = (name: "b", tensor: Tensor(shape: [2], values: [2, 3]))
        for length in 0..<8 {
            let metadata = ["x": String(repeating: "y", count: length), "w": "v"]
            try SafetensorsFile.write([a, b], metadata: metadata, to: "\(folder.path)/ab")
            try SafetensorsFile.write([b, a], metadata: metadata, to: "\(folder.path)/ba")
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/ab"))
            #expect(try bytes == Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/ba")))
            #expect(bytes.count % 8 == 4, "\(bytes.count) bytes, of which the last 12 are data")
        }
    }

    @Test
    func `Foundation's JSON reader finds in the header what was written`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/out"
        try SafetensorsFile.write(
            [(name: "t", tensor: Tensor(shape: [2], values: [1, 2]))], metadata: ["k\u{7}": "é"], to: path)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let length = Int(bytes[0]) + Int(bytes[1]) << 8
        let header = try JSONSerialization.jsonObject(with: bytes[8..<8 + length]) as? [String: [String: Any]]
        #expect(header?["__metadata__"] as? [String: String] == ["k\u{7}": "é"])
        #expect(header?["t"]?["dtype"] as? String == "F32")
        #expect(header?["t"]?["data_offsets"] as? [Int] == [0, 8])
    }

    @Test
    func `who opened a file that is then replaced still reads the old values`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/out"
        func write(_ value: Float) throws {
            try SafetensorsFile.write([(name: "t", tensor: Tensor(shape: [1], values: [value]))], to: path)
        }
        try write(1)
        let old = try SafetensorsFile(path: path)
        try write(2)
        #expect(try old.tensor(named: "t").values == [1])
        #expect(try SafetensorsFile(path: path).tensor(named: "t").values == [2])
        #expect(try folder.contents == ["out"])
    }

    @Test
    func `tensors that cannot be written are refused and leave nothing behind`() throws {
        let folder = try TemporaryFolder()
        let one = Tensor(shape: [1], values: [1])
        var odd = one
        odd.shape = [2]
        let path = "\(folder.path)/out"
        for (tensors, reason) in [
            ([(name: "a", tensor: one), (name: "a", tensor: one)], "taken"),
            ([(name: "__metadata__", tensor: one)], "taken"),
            ([(name: "a", tensor: odd)], "1 values, but shape [2]"),
        ] {
            let error = try #require(throws: SafetensorsError.self) { try SafetensorsFile.write(tensors, to: path) }
            #expect(error.reason.contains(reason), "said: \(error)")
        }
        for path in ["\(folder.path)/none/out", folder.path, "", "\(path)\0x"] {
            let error = try #require(throws: SafetensorsError.self) {
                try SafetensorsFile.write([(name: "a", tensor: one)], to: path)
            }
            #expect(error.file == path && !error.remedy.isEmpty)
        }
        #expect(try folder.contents == [])
    }

    @Test
    func `many threads can read one file at once`() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/out"
        let tensors = (0..<20).map { index in
            (name: "t\(index)", tensor: Tensor(shape: [1000], values: [Float](repeating: Float(index), count: 1000)))
        }
        try SafetensorsFile.write(tensors, to: path)
        let file = try SafetensorsFile(path: path)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<200 {
                group.addTask { try file.tensor(named: "t\(index % 20)").values.allSatisfy { $0 == Float(index % 20) } }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }
}
