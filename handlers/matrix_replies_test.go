package handlers

import "strings"

// Everything below a message of a channel is below a reply too, with the same answers.
func init() {
	for _, route := range []string{
		"GET ", "GET /actions", "GET /history", "GET /edit", "POST /edit", "GET /delete", "POST /delete", "POST /reactions",
		"POST /reactions/remove", "GET /link-previews/:number", "POST /link-previews/remove", "GET /report", "POST /report",
		"POST /save", "POST /unsave", "GET /quote", "GET /forward", "POST /forward",
	} {
		method, below, _ := strings.Cut(route, " ")
		of := matrix[method+" /c/:slug/:seq"+below]
		of.path = strings.Replace(of.path, "/:seq/", "/:seq/thread/:n/", 1)
		of.absent = nil
		of.reads = of.reads || method == "POST" // a thread that is not there is not found in an archived channel either
		of.keeps = of.keeps || below != "/delete"
		if of.rows == nil {
			panic(route + " has no row in the matrix")
		}
		matrix[method+" /c/:slug/:seq/thread/:n"+below] = of
	}
}
