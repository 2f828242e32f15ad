# mk.sh SRC OUT [extra flags]
src=$1; out=$2; shift 2
sw=$(find $src -name '*.swift')
swiftc -O -wmo -swift-version 6 -suppress-warnings -Xcc -march=x86-64-v4 -DFACETREEL_AVX512 -module-name eng $sw main.swift -o $out "$@"
