import Foundation
import Testing

@testable import JobManifest

/// The layers of MobileNetV2 that the tests name (METHODS, "Network and weights"): `_project_BN` and `_add`.
let mobileNetLayers: [LayerEntry] = {
    let channels = [24, 24, 32, 32, 32, 64, 64, 64, 64, 96, 96, 96, 160, 160, 160, 320]
    var layers = [
        LayerEntry(name: "Conv1_relu", unitCount: 32), LayerEntry(name: "expanded_conv_project_BN", unitCount: 16),
    ]
    for (index, count) in channels.enumerated() {
        layers.append(LayerEntry(name: "block_\(index + 1)_project_BN", unitCount: count))
        if index > 0, channels[index - 1] == count {
            layers.append(LayerEntry(name: "block_\(index + 1)_add", unitCount: count))
        }
    }
    return layers + [LayerEntry(name: "out_relu", unitCount: 1280)]
}()

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

func read(_ text: String, file: String = "job.json") throws(ManifestErrors) -> Manifest {
    try ManifestReader.read(bytes: Array(text.utf8), file: file, layers: mobileNetLayers)
}

/// What is wrong with a text; empty if nothing is.
func diagnostics(_ bytes: [UInt8]) -> [Diagnostic] {
    do throws(ManifestErrors) {
        _ = try ManifestReader.read(bytes: bytes, file: "job.json", layers: mobileNetLayers)
        return []
    } catch {
        return error.diagnostics
    }
}

func diagnostics(_ text: String) -> [Diagnostic] {
    diagnostics(Array(text.utf8))
}

/// The job of `{"name": "n", "layer": "block_12_add", "unit": 1, <more>}`.
func job(with more: String) throws -> Job {
    let manifest = try read(#"{"name": "n", "layer": "block_12_add", "unit": 1, \#(more)}"#)
    return try #require(manifest.jobs.first)
}

/// The package's folder, found from this file.
let packageFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
