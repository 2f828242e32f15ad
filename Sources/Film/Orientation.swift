import CFFmpeg
import Foundation

/// How a stored picture is turned and mirrored to be shown: where its axes lead on the screen.
struct Orientation: Equatable {
    /// Whether rows become columns.
    var isTransposed = false
    /// Whether what then lies at the left is shown at the right.
    var mirrorsColumns = false
    /// Whether what then lies at the top is shown at the bottom.
    var mirrorsRows = false

    static let upright = Orientation()

    /// The number of EXIF's tag; others mean upright.
    init(exif number: Int) {
        isTransposed = (5...8).contains(number)
        mirrorsColumns = [2, 3, 6, 7].contains(number)
        mirrorsRows = [3, 4, 7, 8].contains(number)
    }

    private init() {}

    /// Of a decoded picture: libav's matrix, or else EXIF's tag as text, where a decoder gives only that.
    init(of frame: UnsafeMutablePointer<AVFrame>) {
        self.init()
        if let side = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX), side.pointee.size >= 36 {
            side.pointee.data.withMemoryRebound(to: Int32.self, capacity: 9) { matrix in
                // (x, y) is shown at (m0 x + m3 y, m1 x + m4 y), y downwards.
                isTransposed = matrix[0] == 0 && matrix[4] == 0 && matrix[1] != 0 && matrix[3] != 0
                mirrorsColumns = (isTransposed ? matrix[3] : matrix[0]) < 0
                mirrorsRows = (isTransposed ? matrix[1] : matrix[4]) < 0
            }
        } else if let entry = av_dict_get(frame.pointee.metadata, "Orientation", nil, 0),
            let number = Int(String(cString: entry.pointee.value).trimmingCharacters(in: .whitespaces))
        {
            self.init(exif: number)
        }
    }
}

extension Bitmap {
    /// The picture as it is to be shown.
    func turned(_ orientation: Orientation) -> Bitmap {
        guard orientation != .upright else { return self }
        let (wide, high) = orientation.isTransposed ? (height, width) : (width, height)
        let turned = [UInt8](unsafeUninitializedCapacity: pixels.count) { target, count in
            pixels.withUnsafeBufferPointer { source in
                var place = 0
                for row in 0..<high {
                    let y = orientation.mirrorsRows ? high - 1 - row : row
                    for column in 0..<wide {
                        let x = orientation.mirrorsColumns ? wide - 1 - column : column
                        let from = 3 * (orientation.isTransposed ? x * width + y : y * width + x)
                        for channel in 0..<3 { target[place + channel] = source[from + channel] }
                        place += 3
                    }
                }
            }
            count = pixels.count
        }
        return Bitmap(width: wide, height: high, pixels: turned)
    }
}
