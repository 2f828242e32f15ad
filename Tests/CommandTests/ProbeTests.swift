import ConvNet
import Film
import Foundation
import Testing

@Suite(.enabled(if: Command.hasWeights, "the real weights are not there; `make weights` fetches them"))
struct ProbeTests {
    private func probe(_ arguments: String..., in scratch: Scratch) throws -> Command.Outcome {
        try Command.start(["probe"] + arguments, in: scratch).wait()
    }

    /// A picture with some structure.
    private func image(height: Int, width: Int) -> Bitmap {
        Bitmap(
            width: width, height: height,
            pixels: (0..<height * width * 3).map { UInt8(truncatingIfNeeded: $0 &* $0 / 7) })
    }

    @Test func `a PNG and the same tensor give the same activations and gradient`() throws {
        let scratch = try Scratch()
        let bitmap = image(height: 32, width: 40)
        try PNG.write(bitmap, to: "\(scratch.path)/image.png", text: [])
        let tensor = Tensor(shape: [32, 40, 3], values: bitmap.pixels.map { Float($0) / 127.5 - 1 })
        try SafetensorsFile.write(
            [(name: "input", tensor: tensor), (name: "other", tensor: tensor)], metadata: [:],
            to: "\(scratch.path)/image.safetensors")
        for (number, input) in [["image.png"], ["image.safetensors"], ["image.safetensors", "--tensor", "other"]]
            .enumerated()
        {
            let arguments =
                ["--input"] + input + ["--layer", "block_2_add", "--unit", "3", "--output", "\(number).safetensors"]
            let outcome = try Command.start(
                ["probe"] + arguments, in: scratch
            ).wait()
            #expect(outcome.status == 0, "\(outcome)")
        }
        let files = try (0..<3).map { try SafetensorsFile(path: "\(scratch.path)/\($0).safetensors") }
        #expect(files.allSatisfy { $0.names == ["gradient", "mean_activation"] })
        let activations = try files.map { try $0.tensor(named: "mean_activation", shape: [24]) }
        let gradients = try files.map { try $0.tensor(named: "gradient", shape: [32, 40, 3]) }
        #expect(activations[0] == activations[1] && activations[0] == activations[2])
        #expect(gradients[0] == gradients[1] && gradients[0] == gradients[2])
        #expect(gradients[0].values.contains { $0 != 0 })
    }

    @Test func `an image in 0...1 is one in -1...1 where its file says so, and other ranges are refused`() throws {
        let scratch = try Scratch()
        // Halves of whole numbers: both ranges hold them without rounding.
        let values: [Float] = (0..<32 * 32 * 3).map { index -> Float in Float(index % 257) / 128 - 1 }
        func file(_ name: String, _ values: [Float], _ metadata: [String: String]) throws -> String {
            try SafetensorsFile.write(
                [(name: "input", tensor: Tensor(shape: [32, 32, 3], values: values))], metadata: metadata,
                to: "\(scratch.path)/\(name)")
            return name
        }
        let unit: [Float] = values.map { value -> Float in (value + 1) / 2 }
        let plain = try file("a.safetensors", values, [:])
        let named = try file("b.safetensors", values, ["image_range": "-1..1"])
        let moved = try file("c.safetensors", unit, ["image_range": "0..1"])
        let unsaid = try file("d.safetensors", unit, ["range": "0..1"])
        let outputs: [String] = try [plain, named, moved, unsaid].map { (input: String) -> String in
            let outcome = try probe("--input", input, "--layer", "block_2_add", "--unit", "1", in: scratch)
            #expect(outcome.status == 0, "\(outcome)")
            return outcome.output
        }
        #expect(outputs[0] == outputs[1] && outputs[0] == outputs[2] && outputs[0] != outputs[3])
        let bytes = try file("e.safetensors", unit, ["image_range": "0..255"])
        let refused = try probe("--input", bytes, "--layer", "block_2_add", in: scratch)
        #expect(refused.status == 2 && refused.messages.contains("\"0..255\""), "\(refused)")
    }

    @Test func `a JPEG is read as classify reads it, whatever it is called`() throws {
        let scratch = try Scratch()
        // 32 x 32, one color: made by Pillow, quality 95.
        let bytes = try #require(Data(base64Encoded: Self.orange))
        for name in ["a.jpg", "a.JPEG", "a.picture"] { try scratch.write(bytes, name) }
        try PNG.write(try Bitmap.reading(path: "\(scratch.path)/a.jpg"), to: "\(scratch.path)/a.png", text: [])
        let outputs = try ["a.png", "a.jpg", "a.JPEG", "a.picture"].map { name in
            let outcome = try probe("--input", name, "--layer", "block_2_add", in: scratch)
            #expect(outcome.status == 0 && outcome.output.split(separator: "\n").count == 25, "\(outcome)")
            return outcome.output
        }
        #expect(Set(outputs).count == 1)
    }

    private static let orange =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoK"
        + "BggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK"
        + "CgoKCgr/wAARCAAgACADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAX/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAA"
        + "AAAAAAAAAAAAAAAAAAj/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCeAldbAAAAAAD/2Q=="

    @Test func `without an output every unit is printed`() throws {
        let scratch = try Scratch()
        try PNG.write(image(height: 32, width: 32), to: "\(scratch.path)/image.png", text: [])
        let outcome = try probe("--input", "image.png", "--layer", "block_2_add", in: scratch)
        #expect(outcome.status == 0)
        #expect(outcome.output.split(separator: "\n").count == 25, "\(outcome)")
    }

    @Test func `without a unit no gradient is written`() throws {
        let scratch = try Scratch()
        try PNG.write(image(height: 32, width: 32), to: "\(scratch.path)/image.png", text: [])
        let outcome = try probe(
            "--input", "image.png", "--layer", "out_relu", "--output", "probe.safetensors", in: scratch)
        #expect(outcome.status == 0, "\(outcome)")
        let file = try SafetensorsFile(path: "\(scratch.path)/probe.safetensors")
        #expect(file.names == ["mean_activation"])
        #expect(file.shape(of: "mean_activation") == [1280])
    }

    @Test func `values that rounding took a little beyond -1 and 1 are probed`() throws {
        let scratch = try Scratch()
        let values = (0..<32 * 32 * 3).map { (place: Int) -> Float in
            let value = Float(place % 256) / 127.5 - 1
            return value * 1.0000002
        }
        try SafetensorsFile.write(
            [(name: "input", tensor: Tensor(shape: [32, 32, 3], values: values))], to: "\(scratch.path)/a.safetensors")
        let outcome = try probe("--input", "a.safetensors", "--layer", "block_2_add", in: scratch)
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test func `what cannot be probed is exit code 2, with the reason`() throws {
        let scratch = try Scratch()
        try PNG.write(image(height: 32, width: 32), to: "\(scratch.path)/good.png", text: [])
        try scratch.write("no picture", "bad.png")
        try scratch.write("no tensors", "bad.safetensors")
        try scratch.write("no picture", "image.jpg")
        try SafetensorsFile.write(
            [
                (name: "input", tensor: Tensor(shape: [32, 32], values: [Float](repeating: 0, count: 1024))),
                (
                    name: "nan",
                    tensor: Tensor(shape: [32, 32, 3], values: [Float](repeating: .nan, count: 32 * 32 * 3))
                ),
                (
                    name: "bytes",
                    tensor: Tensor(shape: [32, 32, 3], values: (0..<32 * 32 * 3).map { Float($0 % 256) })
                ),
                (
                    name: "dark",
                    tensor: Tensor(shape: [32, 32, 3], values: [Float](repeating: -1.01, count: 32 * 32 * 3))
                ),
            ], metadata: [:], to: "\(scratch.path)/flat.safetensors")
        for (arguments, words) in [
            (["--input", "missing.png", "--layer", "block_2_add"], "missing.png"),
            (["--input", "bad.png", "--layer", "block_2_add"], "bad.png"),
            (["--input", "bad.safetensors", "--layer", "block_2_add"], "bad.safetensors"),
            (["--input", "image.jpg", "--layer", "block_2_add"], "image.jpg"),
            (["--input", "flat.safetensors", "--layer", "block_2_add"], "[32, 32]"),
            (["--input", "flat.safetensors", "--tensor", "nan", "--layer", "block_2_add"], "not a finite number"),
            (["--input", "flat.safetensors", "--tensor", "none", "--layer", "block_2_add"], "none"),
            (["--input", "flat.safetensors", "--tensor", "bytes", "--layer", "block_2_add"], "from 0.0 to 255.0"),
            (["--input", "flat.safetensors", "--tensor", "dark", "--layer", "block_2_add"], "from -1.01 to -1.01"),
            (["--input", "good.png", "--layer", "block_99_add"], "block_99_add"),
            (["--input", "good.png", "--layer", "block_2_add", "--unit", "24"], "0...23"),
            (["--input", "good.png", "--layer", "block_2_add", "--unit=-1"], "0...23"),
        ] {
            let outcome = try Command.start(["probe"] + arguments, in: scratch).wait()
            #expect(outcome.status == 2, "\(arguments): \(outcome)")
            #expect(outcome.messages.contains(words), "\(arguments): \(outcome)")
            #expect(outcome.output.isEmpty)
        }
    }

    /// PyTorch's numbers in double precision, where the project's shared folder lies beside it.
    private static let golden = Command.root.appendingPathComponent("../shared/golden/network_96x160.safetensors").path

    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: golden), "../shared/golden is not there"),
        arguments: [("block_2_add", 6), ("block_6_project_BN", 59)])
    func `the probe agrees with PyTorch`(layer: String, unit: Int) throws {
        let scratch = try Scratch()
        let outcome = try probe(
            "--input", Self.golden, "--layer", layer, "--unit", "\(unit)", "--output", "probe.safetensors", in: scratch)
        #expect(outcome.status == 0, "\(outcome)")
        let golden = try SafetensorsFile(path: Self.golden)
        let found = try SafetensorsFile(path: "\(scratch.path)/probe.safetensors")
        let expectedMeans = try golden.tensor(named: "mean_activation/\(layer)").values
        let means = try found.tensor(named: "mean_activation", shape: [expectedMeans.count]).values
        let worst = zip(means, expectedMeans).map { abs($0 - $1) }.max() ?? .infinity
        #expect(worst <= 2e-5, "METHODS: |difference| <= 2e-5")
        let expected = try golden.tensor(named: "gradient/\(layer)/\(unit)").values
        let gradient = try found.tensor(named: "gradient", shape: [96, 160, 3]).values
        let error = zip(gradient, expected).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
        let norm = expected.reduce(0.0) { $0 + Double($1) * Double($1) }
        #expect((error / norm).squareRoot() <= 0.02, "METHODS: relative L2 error <= .02")
    }
}
