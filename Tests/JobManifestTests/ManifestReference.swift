import JSON

@testable import JobManifest

/// What one may write in a manifest, as text for people, from the field tables that decode it.
enum ManifestReference {
    /// What lies in Documentation/manifest.md.
    static func markdown() -> String {
        var text = """
            # The manifest

            Written from the tables that read manifests; the same as a JSON Schema: `job.schema.json`.
            A file holds one job, or `{"jobs": [...]}`. Strict JSON: unknown and duplicate keys are errors.


            """
        text += section("A job", JobDraft.self)
        text += section("network", NetworkDraft.self)
        text += section("objective", ObjectiveSettings.self)
        text += section("objective.weights[]", ObjectiveSettings.UnitWeight.self)
        text += section("image", ImageSettings.self)
        text += section("facets[]", FacetSettings.self)
        text += section("facets[].gaussianBlur", GaussianBlurSettings.self)
        text += section("facets[].bilateralFilter", BilateralFilterSettings.self)
        text += section("facets[].transforms", ExplicitTransforms.self)
        text += section("neb", NEBSettings.self)
        text += section("video", VideoSettings.self)
        text += section("pictures", PicturesSettings.self)
        for kind in ScheduleDraft.Kind.allCases {
            let table = ScheduleDraft.table(of: kind, .number(0...1000))
            text += section("A strength as a schedule: \(kind.rawValue)", table, start: ScheduleDraft(kind: kind))
        }
        return text.trimmedAtEnd + "\n"
    }

    private static func section<Object: ManifestObject>(_ title: String, _ type: Object.Type) -> String {
        section(title, Object.table, start: Object(preset: .default))
    }

    private static func section<Owner>(_ title: String, _ table: FieldTable<Owner>, start: Owner) -> String {
        var text = "## \(title)\n\(table.summary)\n\n| key | value | default | meaning |\n|---|---|---|---|\n"
        for field in table.fields {
            let value = field.encode(start)
            let fallback = field.isRequired ? "required" : value.map(brief) ?? ""
            text += "| `\(field.key)` | \(field.expectation) | \(fallback) | \(field.summary) |\n"
        }
        return text + "\n"
    }

    /// A default that fits into a table; longer ones are named in the key's text.
    private static func brief(_ value: JSONValue) -> String {
        let text = value.canonicalText
        return text.utf8.count <= 80 ? "`\(text)`" : ""
    }
}

extension String {
    fileprivate var trimmedAtEnd: String {
        var text = self
        while text.last?.isNewline == true { text.removeLast() }
        return text
    }
}
