// Reads a Dockerfile as a JSON string on each line and writes what BuildKit's parser makes of it, what its instructions
// package refuses, and what its build checks tell while they are parsed.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

type heredoc struct {
	Name    string `json:"name"`
	Content string `json:"content"`
	Expand  bool   `json:"expand"`
}

type instruction struct {
	Keyword  string    `json:"keyword"`
	Flags    []string  `json:"flags"`
	Values   []string  `json:"values"`
	Original string    `json:"original"`
	First    int       `json:"first"`
	Last     int       `json:"last"`
	JSON     bool      `json:"json"`
	Heredocs []heredoc `json:"heredocs"`
}

type answer struct {
	Error        string        `json:"error,omitempty"`
	Refused      string        `json:"refused,omitempty"`
	Warnings     []string      `json:"warnings,omitempty"`
	Escape       string        `json:"escape,omitempty"`
	Instructions []instruction `json:"instructions,omitempty"`
}

func parse(text string) answer {
	result, err := parser.Parse(strings.NewReader(text))
	if err != nil {
		return answer{Error: err.Error()}
	}
	found := answer{Escape: string(result.EscapeToken)}
	for _, node := range result.AST.Children {
		one := instruction{
			Keyword:  strings.ToUpper(node.Value),
			Flags:    node.Flags,
			Original: node.Original,
			First:    node.StartLine,
			Last:     node.EndLine,
			JSON:     node.Attributes["json"],
		}
		for next := node.Next; next != nil; next = next.Next {
			one.Values = append(one.Values, next.Value)
		}
		for _, doc := range node.Heredocs {
			one.Heredocs = append(one.Heredocs, heredoc{doc.Name, doc.Content, doc.Expand})
		}
		found.Instructions = append(found.Instructions, one)
	}
	lint := linter.New(&linter.Config{Warn: func(name, _, _, _ string, _ []parser.Range) {
		found.Warnings = append(found.Warnings, name)
	}})
	stages, _, err := instructions.Parse(result.AST, lint)
	if err == nil {
		err = expand(stages)
	}
	if err != nil {
		found.Refused = err.Error()
	}
	return found
}

// expand puts in no variables at all, which is when mounts and modes are looked at.
func expand(stages []instructions.Stage) error {
	for _, stage := range stages {
		for _, command := range stage.Commands {
			if one, ok := command.(instructions.SupportsSingleWordExpansion); ok {
				if err := one.Expand(func(word string) (string, error) { return word, nil }); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func main() {
	in := bufio.NewReader(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		var text string
		if json.Unmarshal([]byte(line), &text) != nil {
			text = ""
		}
		if out.Encode(parse(text)) != nil {
			return
		}
	}
}
