import JSON

/// The manifest's JSON Schema (draft 2020-12), written from the field tables that decode it.
public enum JobSchema {
    /// The contents of Documentation/job.schema.json.
    public static func json() -> String {
        let manifest = ManifestForm.table
        let job = JSONValue.members(["$ref": .string("#/$defs/\(JobDraft.definitionName)")])
        let jobs = JSONValue.members(["$ref": .string("#/$defs/\(ManifestForm.definitionName)")])
        var definitions = [JSONValue.Member(key: ManifestForm.definitionName, value: manifest.schema(start: nil))]
        for definition in manifest.definitions.reversed()
        where !definitions.contains(where: { $0.key == definition.key }) {
            definitions.append(definition)
        }
        let schema = JSONValue.members([
            "$schema": .string("https://json-schema.org/draft/2020-12/schema"),
            "title": .string("Facetreel manifest"),
            "description": .string("One job, or an object with a list of jobs. Written by `facetreel schema`."),
            "type": .string("object"),
            "if": .members(["required": .array([.string("jobs")])]),
            "then": jobs,
            "else": job,
            "$defs": .object(definitions),
        ])
        return schema.readableText + "\n"
    }
}
