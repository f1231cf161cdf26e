// Reads YAML texts as JSON strings, one per line, and answers each with one line:
// {"json": <what sigs.k8s.io/yaml makes of it>} or {"error": "<what it says>"}.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"sigs.k8s.io/yaml"
)

type answer struct {
	JSON  json.RawMessage `json:"json,omitempty"`
	Error string          `json:"error,omitempty"`
}

func convert(text string) (reply answer) {
	defer func() {
		if cause := recover(); cause != nil {
			reply = answer{Error: fmt.Sprint("panic: ", cause)}
		}
	}()
	data, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{JSON: data}
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for {
		line, err := in.ReadBytes('\n')
		if len(line) == 0 && err != nil {
			return
		}
		var text string
		reply := answer{}
		if err := json.Unmarshal(line, &text); err != nil {
			reply.Error = "not a JSON string: " + err.Error()
		} else {
			reply = convert(text)
		}
		encoded, err := json.Marshal(reply)
		if err != nil {
			encoded, _ = json.Marshal(answer{Error: "encoding: " + err.Error()})
		}
		out.Write(encoded)
		out.WriteByte('\n')
		if in.Buffered() == 0 {
			out.Flush()
		}
	}
}
