import Foundation

/// Columns of text: the first and the last to the left, numbers between them to the right.
public enum TextTable {
    public static func lines(_ heads: [String], _ rows: [[String]]) -> [String] {
        let all = [heads] + rows
        let widths = heads.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let cells = row.indices.map { column -> String in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                let isText = column == 0 || column == heads.count - 1
                return isText ? row[column] + (column == 0 ? space : "") : space + row[column]
            }
            return cells.joined(separator: "  ")
        }
    }
}
