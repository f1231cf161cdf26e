// Command psa says what the Kubernetes Pod Security admission library thinks of pods.
//
// It reads JSON lines {"pod": {...}, "level": "baseline", "version": "1.34"} on standard input and answers each with
// {"allowed": false, "checks": ["hostPorts"]}: the ids of the checks that failed, sorted. A pod that cannot be decoded
// is answered with {"error": "..."}. With the argument -newest it prints the newest policy version and ends.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	kjson "sigs.k8s.io/json"
)

type question struct {
	Pod     json.RawMessage `json:"pod"`
	Level   string          `json:"level"`
	Version string          `json:"version"`
}

type answer struct {
	Allowed bool     `json:"allowed"`
	Checks  []string `json:"checks"`
	Error   string   `json:"error,omitempty"`
}

func main() {
	checks := policy.DefaultChecks()
	newest := newestVersion(checks)
	if len(os.Args) > 1 && os.Args[1] == "-newest" {
		fmt.Println(newest.String())
		return
	}
	in := bufio.NewReader(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 1 {
			check(encoder.Encode(judge(line, checks, newest)))
		}
		if in.Buffered() == 0 {
			check(out.Flush())
		}
		if err == io.EOF {
			return
		}
		check(err)
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func newestVersion(checks []policy.Check) api.Version {
	newest := api.MajorMinorVersion(1, 0)
	for _, check := range checks {
		for _, version := range check.Versions {
			if newest.Older(version.MinimumVersion) {
				newest = version.MinimumVersion
			}
		}
	}
	return newest
}

func judge(line []byte, checks []policy.Check, newest api.Version) answer {
	var asked question
	if err := json.Unmarshal(line, &asked); err != nil {
		return answer{Error: err.Error()}
	}
	var pod corev1.Pod
	// As the API server decodes: keys are case-sensitive, whole numbers stay whole.
	if err := kjson.UnmarshalCaseSensitivePreserveInts(asked.Pod, &pod); err != nil {
		return answer{Error: err.Error()}
	}
	level, err := api.ParseLevel(asked.Level)
	if err != nil {
		return answer{Error: err.Error()}
	}
	version, err := api.ParseVersion("v" + strings.TrimPrefix(asked.Version, "v"))
	if err != nil {
		return answer{Error: err.Error()}
	}
	if newest.Older(version) {
		version = newest
	}
	failed := []string{}
	for id, run := range inForce(checks, level, version) {
		if !run.CheckPod(&pod.ObjectMeta, &pod.Spec).Allowed {
			failed = append(failed, string(id))
		}
	}
	sort.Strings(failed)
	if err := agree(checks, level, version, &pod, len(failed)); err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Allowed: len(failed) == 0, Checks: failed}
}

// inForce is each check's revision for a version, less the baseline checks that restricted ones override.
func inForce(checks []policy.Check, level api.Level, version api.Version) map[policy.CheckID]policy.VersionedCheck {
	found := map[policy.CheckID]policy.VersionedCheck{}
	overridden := []policy.CheckID{}
	for _, check := range checks {
		if level == api.LevelPrivileged || (level == api.LevelBaseline && check.Level != api.LevelBaseline) {
			continue
		}
		for _, revision := range check.Versions {
			if !version.Older(revision.MinimumVersion) {
				found[check.ID] = revision
			}
		}
		if revision, there := found[check.ID]; there {
			overridden = append(overridden, revision.OverrideCheckIDs...)
		}
	}
	for _, id := range overridden {
		delete(found, id)
	}
	return found
}

// agree makes sure that the library's own evaluator, which gives no ids, counts as many failures.
func agree(checks []policy.Check, level api.Level, version api.Version, pod *corev1.Pod, failed int) error {
	if evaluator == nil {
		made, err := policy.NewEvaluator(checks, nil)
		if err != nil {
			return err
		}
		evaluator = made
	}
	count := 0
	for _, result := range evaluator.EvaluatePod(api.LevelVersion{Level: level, Version: version}, &pod.ObjectMeta, &pod.Spec) {
		if !result.Allowed {
			count++
		}
	}
	if count != failed {
		return fmt.Errorf("the evaluator counts %d failed checks, this program %d", count, failed)
	}
	return nil
}

var evaluator policy.Evaluator
