// Asks the Collector's own hash ring: built beside its consistent_hashing.go, of which only the package's name is changed.
//
//	owners LISTS IDS OUT
//
// LISTS has one list of endpoints a line, separated by spaces; IDS has trace ids of 16 bytes. OUT gets one byte for each id of
// each list: which endpoint of the line owns it.
package main

import (
	"bufio"
	"os"
	"sort"
	"strings"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	lists, err := os.ReadFile(os.Args[1])
	must(err)
	ids, err := os.ReadFile(os.Args[2])
	must(err)
	file, err := os.Create(os.Args[3])
	must(err)
	out := bufio.NewWriterSize(file, 1<<20)
	for _, line := range strings.Split(strings.TrimSpace(string(lists)), "\n") {
		endpoints := strings.Fields(line)
		index := make(map[string]byte)
		for i, endpoint := range endpoints {
			index[endpoint] = byte(i)
		}
		sorted := append([]string(nil), endpoints...)
		sort.Strings(sorted) // as every resolver does
		ring := newHashRing(sorted)
		for at := 0; at+16 <= len(ids); at += 16 {
			must(out.WriteByte(index[ring.endpointFor(ids[at:at+16])]))
		}
	}
	must(out.Flush())
	must(file.Close())
}
