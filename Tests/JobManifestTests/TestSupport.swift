import Foundation
import JSON
import PipelineSupport
import Testing

@testable import JobManifest

/// DESIGN's example of a manifest, with the preset whose numbers it writes out.
let designExample = """
    {
      "$schema": "../Documentation/job.schema.json",
      "name": "eyes",
      "layer": "block_12_add",
      "unit": 1,
      "preset": "thesis",
      "seed": 7,
      "image": { "size": 224 },
      "facets": [
        { "name": "naive" },
        { "name": "smooth",    "totalVariation": 3e-5 },
        { "name": "defocused", "steps": 1024, "optimizer": "sign",
          "gaussianBlur": { "kernel": 7, "sigma": { "schedule": "sigmoid", "from": 1.5, "to": 0.5, "steepness": 8 } } },
        { "name": "fourier",   "parameterization": "fourier", "transforms": "lucid" }
      ],
      "neb": { "pivots": 20, "interpolations": 3, "steps": 500, "refinementSteps": 100, "learningRate": 0.002, "totalVariation": 5e-5 },
      "video": { "framesPerSecond": 30, "graph": true }
    }

    """

/// Every network is the default one.
let standardNetworks = NetworkProvider { _ in StandardNetwork.description }

func read(_ text: String, file: String = "job.json") throws(ManifestErrors) -> Manifest {
    try ManifestReader.read(bytes: Array(text.utf8), file: file, networks: standardNetworks)
}

/// What is wrong with a text; empty if nothing is.
func diagnostics(_ bytes: [UInt8]) -> [Diagnostic] {
    do throws(ManifestErrors) {
        _ = try ManifestReader.read(bytes: bytes, file: "job.json", networks: standardNetworks)
        return []
    } catch {
        return error.diagnostics
    }
}

func diagnostics(_ text: String) -> [Diagnostic] {
    diagnostics(Array(text.utf8))
}

/// A folder that goes away with it.
final class ManifestFolder {
    /// Without links on the way.
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "facetreel-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.resolvingSymlinksInPath().path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, _ name: String) throws -> String {
        try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
        return "\(path)/\(name)"
    }
}

/// The job of `{"name": "n", "layer": "block_12_add", "unit": 1, <more>}`.
func job(with more: String) throws -> Job {
    let manifest = try read(#"{"name": "n", "layer": "block_12_add", "unit": 1, \#(more)}"#)
    return try #require(manifest.jobs.first)
}

/// The package's folder, found from this file.
let packageFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
