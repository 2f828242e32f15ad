import ArgumentParser
import Gallery

struct GalleryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gallery",
        abstract: "Rebuild the pages of an output folder.",
        discussion: """
            Writes OUTPUT/index.html and a page for every layer and film that it leads to; only those that changed. They \
            open without a server. A film.json that cannot be read is named on the overview and here, and keeps no other \
            film's page from being written.

            EXAMPLE: facetreel gallery Output
            """)

    @Argument(
        help: ArgumentHelp("The folder that films were rendered to.", valueName: "output"), completion: .directory)
    var output = "Output"

    func run() throws {
        try OutputFolder.check(output)
        let outcome: Gallery.Outcome
        do {
            outcome = try Gallery.build(output: output)
        } catch {
            Message.error(error.description)
            throw ExitCode.failure
        }
        for line in outcome.unreadable { Message.warning("\(line)") }
        for problem in outcome.problems { Message.error(problem.description) }
        Results.path("\(output)/index.html")
        Message.line("\(outcome.films) films, \(outcome.pages) pages, \(outcome.written) of them new")
        if !outcome.problems.isEmpty { throw ExitCode.failure }
    }
}
