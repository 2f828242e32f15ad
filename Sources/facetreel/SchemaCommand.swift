import ArgumentParser
import JobManifest

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of a manifest.",
        discussion: "EXAMPLE: facetreel schema > Documentation/job.schema.json")

    func run() throws {
        Results.print(JobSchema.json(), terminator: "")
    }
}
