package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		headers := http.Header{}
		for index, name := range []string{"webhook-id", "webhook-timestamp", "webhook-signature"} {
			if fields[index+1] != "-" {
				headers.Set(name, string(decoded(fields[index+1])))
			}
		}
		now, _ := strconv.ParseInt(string(decoded(fields[5])), 10, 64)
		fmt.Println(verify(string(decoded(fields[0])), headers, decoded(fields[4]), now))
	}
}

func decoded(field string) []byte {
	bytes, err := base64.StdEncoding.DecodeString(field)
	if err != nil {
		panic(err)
	}
	return bytes
}
