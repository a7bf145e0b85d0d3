// The server to which ./claviger load hit compares an edge, as small as net/http allows. It looks up the token of the
// Authorization header in a map, and returns the same bytes each time.
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
