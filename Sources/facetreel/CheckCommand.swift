import ArgumentParser
import Disk
import Foundation
import Inspection
import Pipeline
import Records

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check finished films: that their files are whole and agree, and that there is something to see.",
        discussion: """
            Decodes every frame, which must be neither grey nor frozen, and compares the film, its pictures and film.json.

            EXAMPLE: facetreel check Output/smoke

            EXIT STATUS: 0 all are well, 1 some are not or there are none, 2 a folder is not there or may not be read.
            """)

    @Argument(help: ArgumentHelp("Output folders, and folders of films.", valueName: "dir"), completion: .directory)
    var folders = ["Output"]

    @Flag(help: "Print a JSON object for each film.")
    var json = false

    private struct Line: Encodable {
        var film: String
        var fault: String?
        var frames: Int?
        var seconds: Double?
        var width: Int?
        var height: Int?
    }

    func run() throws {
        var (count, faulty, isThere, isSearched) = (0, 0, true, true)
        for folder in folders {
            do throws(ExitCode) { try OutputFolder.check(folder) } catch {
                isThere = false
                continue
            }
            let search = FilmSearch(in: folder)
            for error in search.unreadable { Message.error(error.description) }
            if !search.unreadable.isEmpty { isSearched = false }
            if search.folders.isEmpty, search.unreadable.isEmpty {
                isSearched = false
                Message.error(
                    "\(folder): no film.json there, nor in <name>/<layer>/<unit> below; `facetreel render` makes films")
            }
            for film in search.sorted {
                count += 1
                do throws(FilmCheck.Fault) {
                    let check = try FilmCheck(film)
                    try? Results.print(
                        line(
                            Line(
                                film: film, frames: check.frames, seconds: check.seconds, width: check.width,
                                height: check.height)) ?? "ok  \(film)  \(check.summary)".printable)
                } catch {
                    faulty += 1
                    try? Results.print(
                        line(Line(film: film, fault: error.description)) ?? "FAILED  \(film): \(error)".printable)
                }
            }
        }
        if faulty > 0 { Message.error("\(faulty) of \(count) films are not as they should be") }
        guard isThere else { throw ExitCode.invalidInput }
        if faulty > 0 || !isSearched { throw ExitCode.failure }
    }

    /// The line as JSON; nil if the lines are for people.
    private func line(_ line: Line) throws -> String? {
        json ? try line.stableJSONText() : nil
    }
}
