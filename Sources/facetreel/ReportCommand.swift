import ArgumentParser
import Cluster
import Gallery
import Pipeline
import Records

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Make one report of the shards of a batch, and rebuild the pages.",
        discussion: """
            Shards that ran as tasks of a Slurm array, or with `render --batch`, have each left a report of their own. \
            This merges them to OUTPUT/report.json and OUTPUT/junit.xml, as if one run had made all films, and then \
            does what `facetreel gallery` does. Films that are below their bars are named first, the worst at the top, \
            each with what is wrong with it; then how many films have each grade of their trust reports, and why \
            those with a D or a C do, the ten worst of them.

            EXAMPLE: facetreel report Output/nightly --batch 1234

            EXIT STATUS: 0 every film is there, 1 one failed or is left, or there is no report to merge, 2 there is no such folder, or it may not be read.
            """)

    @Argument(
        help: ArgumentHelp("The folder that films were rendered to.", valueName: "output"), completion: .directory)
    var output = "Output"

    @Option(help: ArgumentHelp("The batch, a Slurm array's number (default: the latest).", valueName: "name"))
    var batch: String?

    /// How many films of low grades are named; the pages and report.json have all.
    private static let shownGrades = 10

    private func tellGrades(_ report: RunReport) {
        guard let counts = report.grades.text else { return }
        Message.line("grades: \(counts)")
        let doubtful = report.doubtful
        for (reel, grade) in doubtful.prefix(Self.shownGrades) {
            Message.line("graded: \(reel.title): \(grade.sentence)")
        }
        guard doubtful.count > Self.shownGrades else { return }
        Message.line("graded: \(doubtful.count - Self.shownGrades) more, which the pages and the report name")
    }

    func run() throws {
        try OutputFolder.check(output)
        let report: RunReport
        var unread: [String] = []
        do throws(ClusterError) {
            report = try BatchReport.merged(in: output, batch: batch) { unread.append($0) }
        } catch {
            Message.error(error.description)
            throw ExitCode.failure
        }
        do {
            try report.write(to: output)
        } catch {
            Message.error(String(describing: error))
            throw ExitCode.failure
        }
        unread.forEach(Message.error)
        BatchReport.sweep(in: output)
        Results.path("\(output)/report.json")
        for (reel, flag) in report.flagged { Message.line("flagged: \(reel.title): \(flag.sentence)") }
        tellGrades(report)
        for reel in report.reels where reel.outcome == .failed {
            Message.error("\(reel.title): \(reel.message ?? "failed")\(reel.log.map { " (log: \($0))" } ?? "")")
        }
        let counts = report.counts
        Message.line(
            "batch \(report.batch ?? "?"): \(counts.all) films, \(counts.rendered) rendered, \(counts.flagged) flagged, \(counts.upToDate + counts.byAnotherProcess) there before, \(counts.failed) failed, \(counts.left) left"
        )
        var gallery = GalleryCommand()
        gallery.output = output
        try gallery.run()
        // Not 75 for work that is left: with RequeueExit=75, Slurm would have the report made again, for ever.
        if counts.left + counts.failed + unread.count > 0 { throw ExitCode.failure }
    }
}
