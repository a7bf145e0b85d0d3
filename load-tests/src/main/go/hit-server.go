// A server that an edge is measured against (./claviger load hit), as small as net/http allows: the token of the
// Authorization header, a look-up in a map, the same bytes.
//
// hit-server ADDRESS TOKEN-FILE BODY-FILE
package main

import (
	"log"
	"net/http"
	"os"
	"strconv"
)

func main() {
	token, body := read(os.Args[2]), read(os.Args[3])
	answers := map[string][]byte{string(token): body}
	length := []string{strconv.Itoa(len(body))}
	json, noStore := []string{"application/json"}, []string{"no-store"}
	http.HandleFunc("/v1/credentials", func(response http.ResponseWriter, request *http.Request) {
		answer, known := answers[request.Header.Get("Authorization")]
		if !known {
			http.Error(response, "unknown token", http.StatusForbidden)
			return
		}
		header := response.Header()
		header["Content-Type"], header["Content-Length"], header["Cache-Control"] = json, length, noStore
		response.Write(answer)
	})
	log.Fatal(http.ListenAndServe(os.Args[1], nil))
}

func read(file string) []byte {
	bytes, err := os.ReadFile(file)
	if err != nil {
		log.Fatal(err)
	}
	return bytes
}
