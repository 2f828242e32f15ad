// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours: Swift 6 language mode (implied by the tools version), warnings are errors.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

#if arch(x86_64)
/// Without this, `addingProduct` becomes a call to libm's fma: 100 times slower.
let kernelSettings = strict + [.unsafeFlags(["-Xcc", "-march=x86-64-v3"])]
#else
let kernelSettings = strict
#endif

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

        // The leaves: each knows nothing of the others.
        .target(name: "ConvNet", dependencies: ["CPlatform"], swiftSettings: kernelSettings),
        .target(name: "ElasticBand", swiftSettings: strict),
        .target(name: "JobManifest", swiftSettings: strict),
        .target(
            name: "Film", dependencies: ["CFFmpeg", "CPNG", "CCairo"], swiftSettings: strict),
        .target(name: "FeatureVisualization", dependencies: ["ConvNet"], swiftSettings: kernelSettings),

        .target(
            name: "Pipeline",
            dependencies: [
                "ConvNet", "FeatureVisualization", "ElasticBand", "Film", "JobManifest", "CPlatform",
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "facetreel",
            dependencies: [
                "Pipeline",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        tests(of: "ConvNet"),
        tests(of: "ElasticBand", ["ConvNet"]),
        tests(of: "JobManifest"),
        tests(of: "Film"),
        tests(of: "FeatureVisualization", ["ConvNet"]),
        tests(of: "Pipeline"),
        .testTarget(name: "CommandTests", dependencies: ["facetreel"], swiftSettings: strict),
    ]
)
