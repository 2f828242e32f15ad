import Foundation

/// The built command, run as its users run it.
enum Command {
    struct Outcome: CustomStringConvertible {
        /// The exit status, or minus the signal that ended it.
        var status: Int32
        var output: String
        var messages: String

        var description: String { "status \(status)\n--- stdout\n\(output)\n--- stderr\n\(messages)" }
    }

    /// The package's root folder.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The folder of the networks, and the default one's file, where it has been made.
    static let networks = root.appendingPathComponent("Weights").path
    static let weights = "\(networks)/mobilenet_v2.onnx"
    /// What lies beside it.
    static let card = "\(networks)/mobilenet_v2.json"
    static var hasWeights: Bool { FileManager.default.fileExists(atPath: weights) }

    /// It lies beside the test bundle.
    static var path: String {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (bundle as NSString).deletingLastPathComponent + "/facetreel"
    }

    /// Not yet started.
    static func process(
        _ arguments: [String], in folder: Scratch, environment: [String: String] = [:]
    ) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        var variables = ProcessInfo.processInfo.environment
        // The machine that tests run on may itself be a Slurm job, wish for no colour, or have its networks elsewhere.
        for name in variables.keys
        where name.hasPrefix("SLURM_") || ["NO_COLOR", "COLUMNS"].contains(name) {
            variables[name] = nil
        }
        variables["FACETREEL_NETWORKS"] = networks
        process.environment = variables.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        return process
    }

    static func start(
        _ arguments: [String], in folder: Scratch, environment: [String: String] = [:]
    ) throws -> Running {
        try start(process(arguments, in: folder, environment: environment), in: folder)
    }

    static func start(_ process: Process, in folder: Scratch) throws -> Running {
        // Files, not pipes: nobody has to read while the command runs.
        let number = UInt32.random(in: 0...UInt32.max)
        let running = Running(
            process: process, folder: folder, output: "\(folder.path)/.stdout-\(number)",
            messages: "\(folder.path)/.stderr-\(number)")
        for file in [running.output, running.messages] {
            try Data().write(to: URL(fileURLWithPath: file))
        }
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: running.output))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: running.messages))
        try process.run()
        return running
    }

    struct Running {
        let process: Process
        /// Lives as long as the command runs in it.
        let folder: Scratch
        let output: String
        let messages: String

        var messagesSoFar: String {
            String(decoding: (try? Data(contentsOf: URL(fileURLWithPath: messages))) ?? Data(), as: UTF8.self)
        }

        /// Waits until the command has said `text` on standard error, or has ended.
        func wait(for text: String) {
            for _ in 0..<6000 where !messagesSoFar.contains(text) && process.isRunning { usleep(5_000) }
        }

        func wait() -> Outcome {
            process.waitUntilExit()
            let status = process.terminationStatus
            return Outcome(
                status: process.terminationReason == .exit ? status : -status,
                output: String(
                    decoding: (try? Data(contentsOf: URL(fileURLWithPath: output))) ?? Data(), as: UTF8.self),
                messages: messagesSoFar)
        }
    }

    static func run(
        _ arguments: String..., in folder: Scratch, environment: [String: String] = [:]
    ) throws -> Outcome {
        try start(arguments, in: folder, environment: environment).wait()
    }
}

/// A folder of its own for one test, removed with it.
final class Scratch {
    let path = FileManager.default.temporaryDirectory
        .appendingPathComponent("facetreel-command-\(UInt64.random(in: 0...UInt64.max))").path

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ data: Data, _ name: String) throws {
        let file = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
    }

    func write(_ text: String, _ name: String) throws {
        try write(Data(text.utf8), name)
    }

    func read(_ name: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))
    }

    /// Every file and folder below, without the command's captured output.
    func entries() -> [String] {
        (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? [])
            .filter { !$0.hasPrefix(".std") }.sorted()
    }
}

/// Manifests of films that take well under a second.
enum Manifests {
    /// Films of units 0 ..< `count`, each of a twentieth of a second; with more steps, of any length.
    static func several(_ count: Int, steps: Int = 4, name: String = "tiny") -> String {
        """
        {
          "name": "\(name)", "layer": "block_2_add", "units": "0-\(count - 1)", "image": { "size": 32 },
          "facets": [{ "name": "naive", "steps": \(steps) }, { "name": "other", "steps": 4 }],
          "neb": { "pivots": 2, "levels": [], "interpolations": 0, "steps": 2 }, "video": { "graph": false }, "trust": false
        }
        """
    }

    static func tiny(name: String = "tiny", layer: String = "block_2_add", unit: Int = 3, size: Int = 32) -> String {
        """
        {
          "name": "\(name)",
          "layer": "\(layer)",
          "unit": \(unit),
          "seed": 7,
          "image": { "size": \(size) },
          "facets": [
            { "name": "naive", "steps": 6 },
            { "name": "smooth", "steps": 6, "totalVariation": 3e-5 },
            { "name": "fourier", "steps": 6, "parameterization": "fourier", "transforms": "lucid" }
          ],
          "neb": {
            "pivots": 3, "interpolations": 1, "steps": 3, "refinementSteps": 2, "learningRate": 0.002,
            "totalVariation": 5e-5
          },
          "video": { "framesPerSecond": 30, "graph": true }
        }
        """
    }
}
