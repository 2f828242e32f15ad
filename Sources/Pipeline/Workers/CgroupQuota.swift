/// The share of the machine that the kernel's control groups allow this process, as a number of processors.
enum CgroupQuota {
    /// The smallest quota of the process's groups and of the groups above them, v2 (`cpu.max`) and v1
    /// (`cpu.cfs_quota_us`); nil where there is none.
    ///
    /// - Parameters:
    ///   - table: the text of `/proc/self/cgroup`, one `id:controllers:path` a line.
    ///   - read: the text of a file, or nil where it cannot be read.
    static func processors(table: String, read: @escaping (String) -> String?) -> Double? {
        var smallest: Double?
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let controllers = fields[1].split(separator: ",")
            let root: String
            let quota: (String) -> Double?
            if fields[0] == "0", controllers.isEmpty {
                root = "/sys/fs/cgroup"
                quota = { folder in read("\(folder)/cpu.max").flatMap(versionTwo) }
            } else if controllers.contains("cpu") {
                root = "/sys/fs/cgroup/\(fields[1])"
                quota = { folder in
                    guard let quota = read("\(folder)/cpu.cfs_quota_us"),
                        let period = read("\(folder)/cpu.cfs_period_us")
                    else { return nil }
                    return ratio(quota, period)
                }
            } else {
                continue
            }
            // Inside a container the path may be the host's, and then only the root exists; reading the others
            // finds nothing and costs nothing.
            for folder in ancestors(of: String(fields[2])).map({ root + $0 }) {
                if let found = quota(folder) { smallest = min(smallest ?? found, found) }
            }
        }
        return smallest
    }

    /// `/a/b` -> `/a/b`, `/a`, and the empty path of the root. `..` is not followed.
    private static func ancestors(of path: String) -> [String] {
        let names = path.split(separator: "/")
        guard !names.contains("..") else { return [""] }
        return (0...names.count).reversed().map { count in
            names.prefix(count).map { "/" + $0 }.joined()
        }
    }

    /// `150000 100000` is one processor and a half; `max 100000` is no limit.
    private static func versionTwo(_ text: String) -> Double? {
        let fields = text.split(whereSeparator: \.isWhitespace)
        guard fields.count == 2 else { return nil }
        return ratio(String(fields[0]), String(fields[1]))
    }

    private static func ratio(_ quota: String, _ period: String) -> Double? {
        guard let quota = Double(trimmed(quota)), let period = Double(trimmed(period)), quota > 0, period > 0,
            quota.isFinite, period.isFinite
        else { return nil }
        return quota / period
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop(while: \.isWhitespace).prefix { !$0.isWhitespace })
    }
}
