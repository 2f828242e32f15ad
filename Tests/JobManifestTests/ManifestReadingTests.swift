import Foundation
import JSON
import Testing

@testable import JobManifest

@Suite struct ManifestReadingTests {
    @Test func `the design's example is read as it says`() throws {
        let manifest = try read(designExample)
        let expected = Job(
            name: "eyes", preset: "thesis", layers: ["block_12_add"], units: [1], seed: 7,
            image: ImageSettings(width: 224, height: 224),
            facets: [
                FacetSettings(name: "naive"),
                FacetSettings(name: "smooth", totalVariation: .constant(3e-5)),
                FacetSettings(
                    name: "defocused", steps: 1024, optimizer: .sign,
                    gaussianBlur: GaussianBlurSettings(
                        kernel: 7, sigma: .sigmoid(from: 1.5, to: 0.5, steepness: 8), every: 1)),
                FacetSettings(
                    name: "fourier", parameterization: .fourier, decorrelatesColors: true, transforms: .named(.lucid)),
            ],
            neb: NEBSettings(
                pivots: 20, interpolations: 3, steps: 500, refinementSteps: 100, learningRate: 0.002,
                totalVariation: 5e-5),
            video: VideoSettings(framesPerSecond: 30, graph: true))
        #expect(manifest.jobs == [expected])
        #expect(manifest.reels().map(\.folder) == ["eyes/block_12_add/1"])
    }

    @Test func `the thesis preset holds the numbers of METHODS' table`() throws {
        let job = try job(with: #""preset": "thesis""#)
        #expect(job.preset == "thesis")
        #expect(job.image == ImageSettings(width: 224, height: 224))
        #expect(job.seed == 0)
        let facets = job.facets
        #expect(
            facets.map(\.name) == [
                "naive", "total-variation", "gaussian-blur", "bilateral-filter", "transforms", "fourier",
            ])
        #expect(facets.map(\.steps) == [512, 512, 1024, 1024, 512, 512])
        #expect(facets.map(\.optimizer) == [.adam, .adam, .sign, .sign, .sign, .adam])
        #expect(facets.allSatisfy { $0.learningRate == 0.05 })
        #expect(facets[1].totalVariation == .constant(3e-5))
        #expect(facets[2].gaussianBlur?.sigma == .sigmoid(from: 1.5, to: 0.5, steepness: 8))
        #expect(facets[2].gaussianBlur?.kernel == 7)
        #expect(
            facets[3].bilateralFilter
                == BilateralFilterSettings(kernel: 7, sigmaColor: 0.8, sigmaSpace: 1, every: 2))
        #expect(facets[4].transforms == .named(.thesis))
        #expect(facets.map(\.transformsMoveImage) == [false, false, false, false, true, false])
        #expect(facets[5].parameterization == .fourier)
        #expect(facets[5].transforms == .named(.lucid))
        #expect(
            job.neb
                == NEBSettings(
                    pivots: 20, interpolations: 3, steps: 500, refinementSteps: 100, learningRate: 0.002,
                    totalVariation: 5e-5))
        #expect(job.video == VideoSettings(framesPerSecond: 30, graph: true))
    }

    @Test
    func
        `the standard preset, which needs no name, holds METHODS' better band in the cheapest schedule that meets its bars`()
        throws
    {
        let (job, draft) = (try job(with: #""seed": 3"#), try job(with: #""preset": "draft""#))
        #expect(job.preset == "standard")
        #expect(job.facets.flatMap(\.names).count == 4)
        #expect(job.facets.allSatisfy { $0.parameterization == .fourier && $0.steps == 256 })
        #expect(job.facets.allSatisfy { $0.transforms == .named(.lucid) && $0.seed == nil })
        #expect(
            job.neb
                == NEBSettings(
                    pivots: 19, levels: [4, 9], interpolations: 3, steps: 20, extraSteps: 240, space: .fourier,
                    mix: .normPreserving,
                    optimizer: .adam, learningRate: 0.12, transforms: .named(.lucid), stepControl: true, smoothing: 4,
                    stop: .settled, retiming: true))
        #expect(draft.neb.pivots == 9 && draft.neb.levels == [4] && draft.neb.steps == 15)
        #expect(draft.facets == job.facets && draft.neb.stop == .settled)
    }

    /// What units see decides about the facets of a job that lists none: names do not.
    @Test func `layers that see more than the image get other facets, in all presets but the classic one`() throws {
        func facets(_ layer: String, _ preset: String) throws -> FacetSettings {
            let text = #"{"name": "a", "layer": "\#(layer)", "unit": 1, "preset": "\#(preset)"}"#
            return try #require(read(text).jobs.first?.facets.first)
        }
        for preset in ["standard", "draft"] {
            for layer in ["block_1_project_BN", "block_15_project_BN"] {
                let early = try facets(layer, preset)
                #expect(early.spectrum == .inverse && early.transforms == .named(.lucid), "\(layer)")
                #expect(early.meanColor == .guarded)
            }
            for layer in ["block_16_project_BN"] {
                let deep = try facets(layer, preset)
                #expect(deep.spectrum == .inverse && deep.transforms == .named(.narrowing), "\(layer)")
            }
        }
        #expect(try facets("block_16_project_BN", "classic") == facets("block_1_project_BN", "classic"))
        // One job of the manifest becomes two, each complete.
        let both = #"{"name": "a", "layers": ["block_15_project_BN", "block_16_project_BN"], "unit": 1}"#
        let jobs = try read(both).jobs
        #expect(jobs.map(\.layers) == [["block_15_project_BN"], ["block_16_project_BN"]])
        for job in jobs { #expect(try read(job.reels()[0].canonicalJSON).jobs == [job]) }
        // Listed facets are the same everywhere.
        let listed = #"{"name": "a", "layers": "block_1[23]_project_BN", "unit": 1, "facets": [{}, {}]}"#
            .replacingOccurrences(of: "block_1[23]_project_BN", with: "block_1?_project_BN")
        #expect(try read(listed).jobs.count == 1)
    }

    @Test func `a spectrum and a mean colour are of Fourier facets, a set's mean is guarded`() throws {
        let text = """
            "facets": [{"parameterization": "fourier"}, {"parameterization": "fourier", "count": 2},
            {"parameterization": "fourier", "count": 2, "meanColor": "free", "spectrum": "natural"}, {},
            {"parameterization": "fourier", "transforms": {"views": {"schedule": "linear", "from": 0.5, "to": 1}}}]
            """
        let job = try job(with: text)
        #expect(job.facets.map(\.meanColor) == [.free, .guarded, .free, .free, .free])
        #expect(job.facets.map(\.spectrum) == [.inverse, .inverse, .natural, .inverse, .inverse])
        #expect(
            job.facets[4].transforms == .explicit(ExplicitTransforms(views: .linear(from: 0.5, to: 1))))
        #expect(try read(job.reels()[0].canonicalJSON).jobs == [job])
    }

    @Test func `every choice of the band can be made alone`() throws {
        let text = """
            "levels": [2, 7], "pivots": 8, "space": "pixel", "mix": "linear", "optimizer": "plain", "smoothing": 0,
            "stepControl": false, "freezing": 1, "stop": "reachedEnds", "tangent": "central", "transforms": "none",
            "transformsPerStep": 2, "retiming": false, "climbingSteps": 5
            """
        let whole = try job(with: #""neb": {\#(text)}"#)
        let neb = whole.neb
        #expect(
            neb
                == NEBSettings(
                    pivots: 8, levels: [2, 7], interpolations: 3, steps: 20, extraSteps: 240, climbingSteps: 5,
                    learningRate: 0.12,
                    transformsPerStep: 2, tangent: .central, freezing: 1))
        #expect(try read(whole.reels()[0].canonicalJSON).jobs == [whole])
        let own = try job(with: #""preset": "thesis", "neb": {"transforms": {"jitter": 4}, "tangent": "none"}"#).neb
        #expect(own.transforms == .explicit(ExplicitTransforms(jitter: 4)) && own.tangent == NEBSettings.Tangent.none)
    }

    @Test func `a preset's levels give way to fewer pivots`() throws {
        #expect(try job(with: #""neb": {"pivots": 9}"#).neb.levels == [4])
        #expect(try job(with: #""neb": {"pivots": 3}"#).neb.levels == [])
        #expect(try job(with: #""neb": {"pivots": 40}"#).neb.levels == [4, 9])
    }

    @Test func `what a manifest says stands, and the preset fills the rest`() throws {
        let job = try job(
            with: #""image": {"width": 64, "height": 96}, "neb": {"pivots": 3}, "video": {"graph": false}"#)
        #expect(job.image == ImageSettings(width: 64, height: 96))
        #expect(job.neb.pivots == 3)
        #expect(job.neb.steps == 20)
        #expect(job.video == VideoSettings(framesPerSecond: 30, graph: false))
        #expect(job.facets.flatMap(\.names).count == 4)
    }

    @Test func `every form of a strength is read`() throws {
        let strengths = """
            {"l1": 0}, {"l1": 2e-5}, {"l1": {"schedule": "constant", "value": 1}},
            {"l1": {"schedule": "linear", "from": 1, "to": 0}}, {"l1": {"schedule": "cosine", "from": 0, "to": 1}},
            {"l1": {"schedule": "sigmoid", "from": 0, "to": 1}},
            {"l1": {"schedule": "sigmoid", "from": 0, "to": 1, "steepness": 3}},
            {"l1": {"schedule": "piecewise", "points": [{"at": 0, "value": 1}, {"at": 0.25, "value": 0}]}}
            """
        let job = try job(with: "\"facets\": [\(strengths)]")
        #expect(
            job.facets.map(\.l1) == [
                .constant(0), .constant(2e-5), .constant(1), .linear(from: 1, to: 0), .cosine(from: 0, to: 1),
                .sigmoid(from: 0, to: 1, steepness: 8), .sigmoid(from: 0, to: 1, steepness: 3),
                .piecewise([.init(at: 0, value: 1), .init(at: 0.25, value: 0)]),
            ])
    }

    @Test(arguments: [
        (#"{"transforms": "thesis"}"#, true),
        (#"{"transforms": "lucid"}"#, false),
        (#"{"transforms": {"jitter": 3}}"#, false),
        (#"{"transforms": "thesis", "parameterization": "fourier"}"#, false),
        (#"{"transforms": "thesis", "transformsMoveImage": false}"#, false),
        (#"{"transforms": "lucid", "transformsMoveImage": true}"#, true),
        (#"{}"#, false),
    ])
    func `transforms move the image by default only in the thesis' own schedule on pixels`(facet: String, moves: Bool)
        throws
    {
        let job = try job(with: "\"facets\": [\(facet), {}]")
        #expect(job.facets[0].transformsMoveImage == moves)
    }

    @Test func `explicit transforms are read, and what they leave out does nothing`() throws {
        let job = try job(
            with:
                #""facets": [{"transforms": {"pad": 9, "jitter": 6, "scales": [1, 1.025], "angles": [-3, 0], "finalJitter": 3}}, {"transforms": {}}]"#
        )
        #expect(
            job.facets.map(\.transforms) == [
                .explicit(ExplicitTransforms(pad: 9, jitter: 6, scales: [1, 1.025], angles: [-3, 0], finalJitter: 3)),
                .explicit(ExplicitTransforms(pad: 0, jitter: 0, scales: [1], angles: [0], finalJitter: 0)),
            ])
    }

    @Test func `facets without a name are named after what they do, each by a name of its own`() throws {
        let job = try job(
            with:
                #""facets": [{}, {}, {"l1": 1}, {"name": "naive-2"}, {"totalVariation": 1, "gaussianBlur": {}}, {"parameterization": "fourier", "transforms": "lucid"}, {}]"#
        )
        #expect(
            job.facets.map(\.name) == [
                "naive", "naive-3", "l1", "naive-2", "total-variation-gaussian-blur", "fourier-transforms", "naive-4",
            ])
    }

    @Test func `numbers mean what JSON Schema takes them for`() throws {
        let job = try job(
            with:
                #""seed": 18446744073709551615, "image": {"size": 64.0}, "neb": {"pivots": 2e1, "learningRate": 1, "totalVariation": -0.0}"#
        )
        #expect(job.seed == UInt64.max)
        #expect(job.image.width == 64)
        #expect(job.neb.pivots == 20)
        #expect(job.neb.learningRate == 1)
        #expect(job.neb.totalVariation.sign == .plus)
    }

    @Test(
        arguments: [
            ("9007199254740993.0", 9_007_199_254_740_993), ("9007199254740993", 9_007_199_254_740_993),
            ("1e19", 10_000_000_000_000_000_000),
            ("18446744073709551615.000", .max), ("1844674407370955161.5e1", .max), ("18446744073709551615000E-3", .max),
            ("0.00000000000000000007e+20", 7), ("0e999999999999999999999", 0), ("0.0e-5", 0), ("-0", 0), ("-0.0", 0),
        ] as [(String, UInt64)])
    func `a whole number is read exactly, however it is written`(literal: String, seed: UInt64) throws {
        #expect(try job(with: "\"seed\": \(literal)").seed == seed)
    }

    @Test func `a number is whole, fits and has a sign by its digits alone`() {
        let clock = ContinuousClock()
        let took = clock.measure {
            for literal in [
                "1e999999999999999999999", "-1e99999999999", "1e-99999999999", "0.1", "1e-1", "128", "-129", "12x",
                "1.2.3",
            ] {
                #expect(DecimalLiteral.wholeNumber(literal, as: Int8.self) == nil, "\(literal)")
            }
        }
        #expect(took < .seconds(1), "\(took)")
        #expect(DecimalLiteral.wholeNumber("-128", as: Int8.self) == -128)
        #expect(DecimalLiteral.wholeNumber("-9223372036854775808.0", as: Int.self) == .min)
        #expect(DecimalLiteral.wholeNumber("1" + String(repeating: "0", count: 5000) + "e-5000", as: UInt8.self) == 1)
        #expect(DecimalLiteral.isZero("-0.00e7") && !DecimalLiteral.isZero("0.0001e-999999"))
        #expect(JSONValue.number("3.0").integerValue == 3 && JSONValue.number("3.5").integerValue == nil)
    }

    @Test func `strings are unescaped`() throws {
        #expect(
            try read(#"{"\u006eame": "\u0065yes", "layer": "block_12_add", "unit": 1, "$schema": "\ud83d\ude00\n\/"}"#)
                .jobs[0].name == "eyes")
    }

    @Test func `a name of 100 characters and one that begins with a dash are allowed`() throws {
        for name in [String(repeating: "n", count: 100), "-a", "_", "a..b", "A.9-_"] {
            #expect(try read("{\"name\": \"\(name)\", \"layer\": \"block_12_add\", \"unit\": 1}").jobs[0].name == name)
        }
    }

    @Test func `the manifests in Jobs are valid`() throws {
        let folder = packageFolder.appending(path: "Jobs")
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
        #expect(!paths.isEmpty)
        let manifests = try ManifestReader.read(
            paths: paths.map { folder.appending(path: $0).path }, networks: standardNetworks)
        #expect(manifests.count == paths.count)
    }

    @Test func `files that cannot be read are errors, each under its own name`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "facetreel-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let empty = folder.appending(path: "empty.json").path
        try Data().write(to: URL(filePath: empty))
        let missing = folder.appending(path: "missing.json").path
        let error = try #require(throws: ManifestErrors.self) {
            try ManifestReader.read(
                paths: [missing, folder.path, empty, "/dev/zero"], networks: standardNetworks)
        }
        #expect(error.diagnostics.map(\.file) == [missing, folder.path, empty, "/dev/zero"])
        let phrases = ["nothing of that name", "a folder", "an empty file", "at most 16777216 bytes"]
        for (diagnostic, phrase) in zip(error.diagnostics, phrases) {
            #expect(diagnostic.message.contains(phrase), "\(diagnostic)")
        }
    }

    @Test func `two files that write to one folder are refused`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "facetreel-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let paths = ["a.json", "b.json"].map { folder.appending(path: $0).path }
        for path in paths { try Data(designExample.utf8).write(to: URL(filePath: path)) }
        let error = try #require(throws: ManifestErrors.self) {
            try ManifestReader.read(paths: paths, networks: standardNetworks)
        }
        #expect(
            error.diagnostics.map { "\($0.file) \($0.line):\($0.column) \($0.pointer)" } == ["\(paths[1]) 3:11 /name"])
        #expect(error.diagnostics[0].message.contains("which \(paths[0]) writes to"), "\(error)")
    }
}
