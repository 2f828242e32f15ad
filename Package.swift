// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// Every target of ours: Swift 6 language mode (implied by the tools version), warnings are errors.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// See `numeric`.
let oneModule = SwiftSetting.unsafeFlags(["-Xfrontend", "-enable-single-module-llvm-emission"])

/// What the numeric modules are compiled for.
///
/// Without such a flag a fused multiply-add on x86-64 becomes a call to libm: 100 times slower. AVX-512, where this
/// machine has it, doubles the engine's speed. FACETREEL_CPU=x86-64-v3 builds for any CPU with AVX2 instead; the
/// program itself refuses, at start, a CPU that lacks what it was built for.
///
/// One LLVM module for the whole Swift module: otherwise each file is optimised on its own, small functions of the
/// standard library stay calls in the middle of kernels, and an evaluation takes 10 to 30 % longer.
#if arch(x86_64)
    let cpu = Context.environment["FACETREEL_CPU"] ?? (machineHasAVX512() ? "x86-64-v4" : "x86-64-v3")
    let numeric =
        strict + [oneModule, .unsafeFlags(["-Xcc", "-march=\(cpu)"])]
        + (cpu == "x86-64-v4" ? [.define("FACETREEL_AVX512")] : [])
#else
    let numeric = strict + [oneModule]
#endif

func machineHasAVX512() -> Bool {
    guard let description = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
        let flags = description.split(separator: "\n").first(where: { $0.hasPrefix("flags") })
    else { return false }
    return Set(["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]).isSubset(
        of: flags.split(separator: " ").map(String.init))
}

/// A test target lives in `Tests/<name>Tests`.
func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.target(name: name)] + dependencies,
        swiftSettings: strict)
}

let package = Package(
    name: "facetreel",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        // System libraries and shims: nothing else is C.
        .systemLibrary(
            name: "CFFmpeg", pkgConfig: "libavcodec libavformat libswscale libavutil",
            providers: [.apt(["libavcodec-dev", "libavformat-dev", "libswscale-dev", "libavutil-dev"])]),
        .systemLibrary(
            name: "CCairo", pkgConfig: "cairo-ft freetype2",
            providers: [.apt(["libcairo2-dev", "libfreetype-dev"])]),
        .systemLibrary(name: "CLibPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .target(name: "CPNG", dependencies: ["CLibPNG"]),
        .target(name: "CPlatform"),

        // Leaves: files, JSON and threads, for everybody; and what a network is.
        .target(name: "Disk", dependencies: ["CFFmpeg"], swiftSettings: strict),
        .target(name: "JSON", swiftSettings: strict),
        .target(name: "Threads", swiftSettings: strict),
        .target(name: "Networks", dependencies: ["Disk", "JSON"], swiftSettings: strict),

        .target(name: "ConvNet", dependencies: ["Networks", "Disk", "JSON", "CPlatform"], swiftSettings: numeric),
        .target(name: "ElasticBand", swiftSettings: strict),
        .target(name: "JobManifest", dependencies: ["Networks", "JSON", "Disk"], swiftSettings: strict),
        .target(name: "Records", dependencies: ["Disk", "Threads"], swiftSettings: strict),
        .target(name: "Trust", swiftSettings: strict),
        .target(name: "Film", dependencies: ["Disk", "CFFmpeg", "CPNG", "CCairo"], swiftSettings: strict),
        .target(name: "FeatureVisualization", dependencies: ["ConvNet", "CPlatform"], swiftSettings: numeric),
        .target(
            name: "Pipeline",
            dependencies: [
                "FeatureVisualization", "Film", "JobManifest", "Records", "Trust", "ConvNet", "ElasticBand", "Networks",
                "Disk", "Threads", "CPlatform",
            ],
            swiftSettings: strict),

        // On the pipeline, and none of them on another.
        .target(
            name: "Cluster", dependencies: ["Pipeline", "JobManifest", "Records", "ConvNet", "Networks", "Disk"],
            swiftSettings: strict),
        .target(
            name: "Inspection",
            dependencies: ["Pipeline", "Film", "JobManifest", "Records", "ConvNet", "Networks", "Disk"],
            swiftSettings: strict),
        .target(
            name: "Measurement",
            dependencies: [
                "Pipeline", "FeatureVisualization", "Film", "JobManifest", "Records", "ConvNet", "ElasticBand",
                "Networks", "Disk", "Threads",
            ],
            swiftSettings: strict),
        .target(
            name: "Examples", dependencies: ["Pipeline", "Film", "Records", "ConvNet", "Networks", "Disk"],
            swiftSettings: strict),
        // Never the pipeline. Style and script of the pages are files of their own, and travel in the program.
        .target(
            name: "Gallery", dependencies: ["Records", "Disk", "JSON", "Threads"],
            resources: [.embedInCode("Assets/gallery.css"), .embedInCode("Assets/gallery.js")],
            swiftSettings: strict),

        .executableTarget(
            name: "facetreel",
            dependencies: [
                "Cluster", "Inspection", "Measurement", "Examples", "Gallery", "Pipeline", "Film", "JobManifest",
                "Records", "ConvNet", "Networks", "Disk", "CPlatform",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        tests(of: "Disk"),
        tests(of: "Threads"),
        tests(of: "Trust"),
        tests(of: "Networks", ["JobManifest", "Measurement", "Pipeline", "NetworksSupport", "Disk", "JSON"]),
        tests(of: "ConvNet", ["Networks", "Disk"]),
        tests(of: "ElasticBand", ["ConvNet"]),
        tests(of: "JobManifest", ["JSON", "Networks", "PipelineSupport"]),
        tests(of: "Film", ["Disk"]),
        tests(of: "FeatureVisualization", ["ConvNet"]),
        tests(of: "Records", ["Disk"]),
        tests(of: "Gallery", ["Records", "Disk", "JSON"]),
        tests(of: "Pipeline", ["Disk", "PipelineSupport", "NetworksSupport"]),
        tests(of: "Cluster", ["Disk", "Measurement", "PipelineSupport"]),
        tests(of: "Inspection", ["PipelineSupport", "NetworksSupport"]),
        tests(of: "Measurement", ["PipelineSupport"]),
        tests(of: "Examples", ["Film", "PipelineSupport", "NetworksSupport"]),
        // ONNX files that tests write by hand.
        .target(
            name: "NetworksSupport", dependencies: ["Networks"], path: "Tests/NetworksSupport", swiftSettings: strict),
        // What tests of several modules render with.
        .target(
            name: "PipelineSupport", dependencies: ["Pipeline", "Networks", "Disk"], path: "Tests/PipelineSupport",
            swiftSettings: strict),
        .testTarget(
            name: "CommandTests",
            dependencies: ["facetreel", "ConvNet", "Film", "Disk", "NetworksSupport", "PipelineSupport"],
            exclude: ["Help"], swiftSettings: strict),
        .testTarget(
            name: "FuzzTests",
            dependencies: [
                "facetreel", "Cluster", "Inspection", "Measurement", "Gallery", "Pipeline", "JobManifest", "Records",
                "ConvNet", "ElasticBand", "FeatureVisualization", "Networks", "Disk", "JSON", "NetworksSupport",
                "PipelineSupport",
            ],
            swiftSettings: strict),
    ]
)
