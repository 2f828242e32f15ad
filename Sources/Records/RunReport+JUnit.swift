import Foundation

extension RunReport {
    /// The run as JUnit XML, which every continuous-integration server reads: one test case a reel, failed where it
    /// failed, skipped where it was not rendered, with a word about a film that is not good.
    ///
    /// - Parameter logTail: the last lines of the log with this path.
    public func junit(logTail: (String) -> [String]) -> Data {
        let name = "facetreel render"
        let totals =
            "tests=\"\(counts.all)\" failures=\"\(counts.failed)\" errors=\"0\" skipped=\"\(counts.left)\" "
            + "time=\"\(seconds)\""
        var text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="\(name)" \(totals)>
              <testsuite name="\(name)" \(totals) timestamp="\(Self.escaped(started))">

            """
        for reel in reels { text += Self.testCase(reel, logTail) }
        text += "  </testsuite>\n</testsuites>\n"
        return Data(text.utf8)
    }

    private static func testCase(_ reel: Entry, _ logTail: (String) -> [String]) -> String {
        // Servers group by class name, at its dots.
        let parts = reel.reel.split(separator: "/")
        let className = parts.dropLast().joined(separator: ".")
        let head =
            "    <testcase classname=\"\(escaped(className))\" name=\"\(escaped(reel.title))\" time=\"\(reel.seconds)\""
        switch reel.outcome {
        case .rendered, .upToDate, .byAnotherProcess:
            // Not good, but no failure.
            guard let flag = reel.flag else { return head + "/>\n" }
            return head + "><system-out>flagged: \(escaped(flag.sentence))</system-out></testcase>\n"
        case .stopped, .notStarted:
            return head + "><skipped message=\"\(escaped(reel.message ?? "stopped"))\"/></testcase>\n"
        case .failed:
            let message = reel.message ?? ""
            let log = reel.log.map { ["", "log: \($0)"] + logTail($0) } ?? []
            let body = ([message] + log).joined(separator: "\n")
            return head
                + "><failure message=\"\(escaped(message))\" type=\"failed\">\(escaped(body))</failure></testcase>\n"
        }
    }

    /// Text as XML 1.0 may hold it, also in attributes; characters that no escape can express are replaced.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n", "\t", "\r": result += "&#\(scalar.value);"
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
