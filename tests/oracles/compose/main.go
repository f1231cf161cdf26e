// Reads files of a Compose project as a JSON object on each line and writes what Compose makes of them, or why it
// refuses them.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/compose-spec/compose-go/v2/cli"
)

type question struct {
	Files       map[string]string `json:"files"`
	Environment []string          `json:"environment"`
	Profiles    []string          `json:"profiles"`
}

type answer struct {
	Error   string          `json:"error,omitempty"`
	Project json.RawMessage `json:"project,omitempty"`
}

func load(q question) answer {
	folder, err := os.MkdirTemp("", "compose")
	if err != nil {
		return answer{Error: err.Error()}
	}
	defer os.RemoveAll(folder)
	for name, text := range q.Files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		os.MkdirAll(filepath.Dir(path), 0o755)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return answer{Error: err.Error()}
		}
	}
	options, err := cli.NewProjectOptions(nil,
		cli.WithWorkingDirectory(folder),
		cli.WithEnv(q.Environment),
		cli.WithDotEnv,
		cli.WithDefaultConfigPath,
		cli.WithName("project"),
		cli.WithProfiles(q.Profiles),
	)
	if err != nil {
		return answer{Error: err.Error()}
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return answer{Error: err.Error()}
	}
	told, err := project.MarshalJSON()
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Project: told}
}

func main() {
	in := bufio.NewReader(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		var asked question
		if json.Unmarshal([]byte(line), &asked) != nil {
			asked = question{}
		}
		if out.Encode(load(asked)) != nil {
			return
		}
	}
}
