import Disk
import Foundation

@testable import Gallery

/// An output folder with films that nobody rendered: true in form, empty in picture. It is gone with the object.
final class SyntheticOutput {
    let path: String

    init() throws {
        // In memory where there is such a place: removing 10,000 files takes some disks half a minute.
        let memory = "/dev/shm"
        let parent =
            FileManager.default.isWritableFile(atPath: memory) ? memory : FileManager.default.temporaryDirectory.path
        path = "\(parent)/facetreel-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// What a film's texts say where a test wants to say something else.
    struct Texts {
        var facet = "naive"
        var preset = "standard"
        var value = "lucid"
        var stop = "settled"
        var digest = "0123abcd"
        var network = "mobilenet_v2"
        var label: String?
    }

    /// Writes a film with two facets, ten frames and one path.
    func film(
        _ folder: String, texts: Texts = Texts(), robust: Double = 0.97, frames: Int = 10, verdict: String? = nil,
        trust: String? = nil, receptiveField: Int? = nil
    ) throws {
        let parts = folder.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let unit = Int(parts[2]) ?? 0
        let entries = (0..<frames).map { index -> [String: Any] in
            let facet: Any = index == 0 ? texts.facet as Any : index == frames - 1 ? "second" as Any : NSNull()
            return [
                "index": index, "path": 0, "position": Double(index) / Double(frames - 1),
                "activation": 4 + 0.25 * Double((index * 7 + unit) % 5), "facet": facet,
            ]
        }
        var record: [String: Any] = [
            "job": [
                "name": parts[0], "layer": parts[1], "unit": unit, "preset": texts.preset, "seed": 7,
                "facets": [["name": texts.facet, "transforms": texts.value], ["name": "second", "steps": 16]],
                "image": ["width": 224, "height": 224], "video": ["framesPerSecond": 30, "graph": false],
            ],
            "seeds": ["job": 7, "robustActivation": 0], "digests": ["weights": texts.digest, "job": texts.digest],
            "engineRevision": "2", "frames": entries,
            "facets": [texts.facet, "second"].map { name -> [String: Any] in
                ["name": name, "activation": 4.5, "robustActivation": 4.25, "steps": 16, "evaluations": 17]
            },
            "bands": [
                [
                    "pivots": 4, "steps": 12, "evaluations": 60, "stop": texts.stop, "minimumActivation": 4.0,
                    "lowerEndActivation": 4.5, "minimumRatio": 0.89, "robustMinimum": robust, "contrastMinimum": 0.99,
                    "featureStepRatio": 1.05, "flicker": 0.2, "blurMinimum": 0.9, "jpegMinimum": 0.95,
                ] as [String: Any]
            ],
            "timing": ["total": 12.5, "workers": 2],
        ]
        if let depth = Self.depth(parts[1]) {
            var entry: [String: Any] = ["place": depth.place, "stage": depth.stage]
            entry["receptiveField"] = receptiveField
            record["depth"] = entry
            record["network"] = ["name": "MobileNetV2", "file": texts.network, "digest": texts.digest]
        }
        record["class"] = texts.label
        record["verdict"] = try verdict.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) }
        record["trust"] = try trust.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) }
        try write(
            JSONSerialization.data(withJSONObject: record, options: [.sortedKeys]), "\(folder)/film.json")
        try FileManager.default.createDirectory(atPath: "\(path)/\(folder)/facets", withIntermediateDirectories: true)
        if !has(".shared") { try write(Data("a film, or a picture".utf8), ".shared") }
        for name in ["film.mp4", "poster.png", "facets/01-naive.png", "facets/02-second.png"] {
            // Links: a night's worth of files would take a slow disk a minute.
            _ = link("\(path)/.shared", "\(path)/\(folder)/\(name)")
        }
    }

    /// Where a layer of MobileNetV2 stands in it; nil for other names.
    static func depth(_ layer: String) -> (place: Int, stage: String)? {
        let ends = ["_expand_relu", "_depthwise_relu", "_project_BN", "_add"]
        guard let end = ends.firstIndex(where: layer.hasSuffix) else {
            return layer == "Conv1_relu" ? (0, "edges") : layer == "out_relu" ? (99, "objects") : nil
        }
        let block = Int(layer.dropFirst("block_".count).prefix { $0.isNumber }) ?? 0
        return (4 * block + end, block < 2 ? "edges" : block < 7 ? "textures" : block < 13 ? "parts" : "objects")
    }

    func write(_ data: Data, _ file: String) throws {
        let full = "\(path)/\(file)"
        try FileManager.default.createDirectory(
            atPath: (full as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try data.write(to: URL(fileURLWithPath: full))
    }

    func text(_ file: String) throws -> String {
        try String(contentsOfFile: "\(path)/\(file)", encoding: .utf8)
    }

    func has(_ file: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(file)") }

    func remove(_ file: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(file)") }

    /// Of every file that a build could have written, its text by its path.
    func pages() throws -> [String: String] {
        let files = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return try Dictionary(
            uniqueKeysWithValues: files.filter { $0.hasSuffix(".html") || $0.hasPrefix("gallery/gallery.") }
                .map { ($0, try text($0)) })
    }
}
