import Disk
import Foundation
import JSON
import Networks

/// Reads manifests: JSON text in, fully resolved jobs out, or every error with its place.
public enum ManifestReader {
    /// The greatest number of films of one run. More are a mistake, which would be noticed only after weeks.
    public static let greatestReelCount = 100_000

    /// Reads files, of which no two may write to the same folder.
    ///
    /// - Parameters:
    ///   - networks: describes the networks that jobs name, and the default one.
    ///   - pictures: looks into the pictures that are facets, or that facets start at; nil: they only have to be there.
    /// - Returns: one manifest for each path.
    /// - Throws: every error of every file; a syntax error is the only one of its file.
    public static func read(
        paths: [String], networks: NetworkProvider, pictures: PictureInspector? = nil
    ) throws(ManifestErrors) -> [Manifest] {
        var resolution = JobResolution(networks: networks, pictures: pictures)
        var manifests: [Manifest] = []
        var diagnostics: [Diagnostic] = []
        for path in paths {
            do throws(ManifestErrors) {
                let source = SourceText(file: path, bytes: try contents(of: path))
                manifests.append(try read(source, &resolution))
            } catch {
                diagnostics += error.diagnostics
            }
        }
        guard diagnostics.isEmpty else { throw ManifestErrors(diagnostics: diagnostics) }
        return manifests
    }

    /// Reads a manifest from memory; `file` is its name in diagnostics.
    public static func read(bytes: [UInt8], file: String, networks: NetworkProvider) throws(ManifestErrors)
        -> Manifest
    {
        var resolution = JobResolution(networks: networks)
        return try read(SourceText(file: file, bytes: bytes), &resolution)
    }

    private static func read(
        _ source: SourceText, _ resolution: inout JobResolution
    ) throws(ManifestErrors) -> Manifest {
        let root: JSONNode
        do {
            root = try JSONScanner.scan(source)
        } catch {
            throw ManifestErrors(diagnostics: source.diagnostics([error]))
        }
        let decoding = ManifestDecoding(source)
        var jobs: [Job] = []
        if let list = root.member("jobs") {
            var drafts: [JobDraft] = []
            _ = ManifestForm.table.decode(root, into: &drafts, decoding)
            for (index, (draft, node)) in zip(drafts, list.value.elements).enumerated() {
                jobs += decoding.inside(.key("jobs")) {
                    decoding.inside(.index(index)) {
                        resolution.resolve(draft, node, owner: "\(source.file): /jobs/\(index)", decoding)
                    }
                }
            }
        } else {
            let draft = JobDraft.read(root, decoding)
            jobs = resolution.resolve(draft, root, owner: source.file, decoding)
        }
        guard decoding.faults.isEmpty else { throw ManifestErrors(diagnostics: source.diagnostics(decoding.faults)) }
        return Manifest(file: source.file, jobs: jobs)
    }

    /// Reads the bytes of a file, but no more than a manifest may have.
    private static func contents(of path: String) throws(ManifestErrors) -> [UInt8] {
        func unreadable(_ reason: String) -> ManifestErrors {
            ManifestErrors(diagnostics: [
                Diagnostic(
                    file: path, line: 1, column: 1, pointer: "", message: "expected a readable file, found \(reason)")
            ])
        }
        do throws(DiskError) {
            return try WholeFile.bytes(ofFileOrPipe: path, limit: SourceText.largestByteCount)
        } catch {
            throw unreadable(error.errorNumber == ENOENT ? "nothing of that name" : "one that \(error.reason)")
        }
    }
}
