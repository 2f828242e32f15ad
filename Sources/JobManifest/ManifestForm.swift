/// The two forms of a file: one job, or an object with a list of them.
enum ManifestForm {
    static let table = FieldTable<[JobDraft]>(
        noun: "a manifest of several jobs", summary: "Several jobs in one file.",
        fields: [
            Field("$schema", .text, "For editors; not read.", set: { _, _ in }, get: { _ in nil }),
            Field("jobs", jobs, isRequired: true, "The jobs.", set: { $0 = $1 }, get: { $0 }),
        ])

    static let definitionName = "jobs"

    private static let jobs: Shape<[JobDraft]> = {
        let count = 1...ManifestReader.greatestReelCount
        var list = Shape<[JobDraft]>.list(of: JobDraft.shape, count: count, "jobs")
        list.decode = { [expectation = list.expectation] node, decoding in
            guard case .array(let nodes) = node.content, count.contains(nodes.count) else {
                decoding.report(node, expected: expectation)
                return nil
            }
            // A job with faults keeps its place, so that it and the others are still looked up and checked.
            return nodes.enumerated().map { index, node in
                decoding.inside(.index(index)) { JobDraft.read(node, decoding) }
            }
        }
        return list
    }()
}
