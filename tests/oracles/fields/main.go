// Command fields says what the Kubernetes API types know: fields, their types and values, and how long versions live.
//
// Without an argument it reads JSON lines, each an object, on standard input and answers each with
// {"known": true, "error": "", "strict": []}: whether it knows the type, why it cannot be decoded, and what strict
// decoding (`fieldValidation: Strict`, the default of kubectl) refuses besides.
//
//	fields lifecycle    every API version of a kind with the minor versions that introduced, deprecated and removed it
//	fields table DIR    the fields of the kinds below and of all they hold, as guardrail/views/api_fields.py has them;
//	                    DIR is the folder of the module k8s.io/api, whose sources tell the values of enumerations
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strconv"
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	kjson "sigs.k8s.io/json"
)

// Kinds in the order of the table.
var kinds = []struct {
	name string
	held any
}{
	{"v1 ConfigMap", corev1.ConfigMap{}},
	{"v1 LimitRange", corev1.LimitRange{}},
	{"v1 Namespace", corev1.Namespace{}},
	{"v1 PersistentVolume", corev1.PersistentVolume{}},
	{"v1 PersistentVolumeClaim", corev1.PersistentVolumeClaim{}},
	{"v1 Pod", corev1.Pod{}},
	{"v1 PodTemplate", corev1.PodTemplate{}},
	{"v1 ReplicationController", corev1.ReplicationController{}},
	{"v1 ResourceQuota", corev1.ResourceQuota{}},
	{"v1 Secret", corev1.Secret{}},
	{"v1 Service", corev1.Service{}},
	{"v1 ServiceAccount", corev1.ServiceAccount{}},
	{"admissionregistration.k8s.io/v1 MutatingWebhookConfiguration", admissionregistrationv1.MutatingWebhookConfiguration{}},
	{"admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration", admissionregistrationv1.ValidatingWebhookConfiguration{}},
	{"apps/v1 DaemonSet", appsv1.DaemonSet{}},
	{"apps/v1 Deployment", appsv1.Deployment{}},
	{"apps/v1 ReplicaSet", appsv1.ReplicaSet{}},
	{"apps/v1 StatefulSet", appsv1.StatefulSet{}},
	{"autoscaling/v1 HorizontalPodAutoscaler", autoscalingv1.HorizontalPodAutoscaler{}},
	{"autoscaling/v2 HorizontalPodAutoscaler", autoscalingv2.HorizontalPodAutoscaler{}},
	{"batch/v1 CronJob", batchv1.CronJob{}},
	{"batch/v1 Job", batchv1.Job{}},
	{"networking.k8s.io/v1 Ingress", networkingv1.Ingress{}},
	{"networking.k8s.io/v1 IngressClass", networkingv1.IngressClass{}},
	{"networking.k8s.io/v1 NetworkPolicy", networkingv1.NetworkPolicy{}},
	{"policy/v1 PodDisruptionBudget", policyv1.PodDisruptionBudget{}},
	{"rbac.authorization.k8s.io/v1 ClusterRole", rbacv1.ClusterRole{}},
	{"rbac.authorization.k8s.io/v1 ClusterRoleBinding", rbacv1.ClusterRoleBinding{}},
	{"rbac.authorization.k8s.io/v1 Role", rbacv1.Role{}},
	{"rbac.authorization.k8s.io/v1 RoleBinding", rbacv1.RoleBinding{}},
	{"scheduling.k8s.io/v1 PriorityClass", schedulingv1.PriorityClass{}},
	{"storage.k8s.io/v1 StorageClass", storagev1.StorageClass{}},
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "lifecycle" {
		lifecycles(os.Args[2])
		return
	}
	if len(os.Args) > 1 && os.Args[1] == "table" {
		writeTable(os.Args[2])
		return
	}
	answer()
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// ------------------------------------------------------------------ decoding

type verdict struct {
	Known  bool     `json:"known"`
	Error  string   `json:"error"`
	Strict []string `json:"strict"`
}

func answer() {
	byName := map[string]any{}
	for _, kind := range kinds {
		byName[kind.name] = kind.held
	}
	in, out := bufio.NewReader(os.Stdin), bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 1 {
			check(encoder.Encode(decode(line, byName)))
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

func decode(line []byte, byName map[string]any) verdict {
	var head struct{ APIVersion, Kind string }
	if err := json.Unmarshal(line, &head); err != nil {
		return verdict{Error: err.Error()}
	}
	held, known := byName[head.APIVersion+" "+head.Kind]
	if !known {
		return verdict{}
	}
	into := reflect.New(reflect.TypeOf(held)).Interface()
	found := verdict{Known: true, Strict: []string{}}
	strict, err := kjson.UnmarshalStrict(line, into)
	for _, one := range strict {
		found.Strict = append(found.Strict, one.Error())
	}
	if err != nil {
		found.Error = err.Error()
	}
	return found
}

// ---------------------------------------------------------------- the table

// Letters for types: what JSON they take is told in guardrail/views/api_fields.py.
var plain = map[string]string{
	"k8s.io/apimachinery/pkg/api/resource.Quantity":   "q",
	"k8s.io/apimachinery/pkg/util/intstr.IntOrString": "x",
	"k8s.io/apimachinery/pkg/apis/meta/v1.Time":       "s",
	"k8s.io/apimachinery/pkg/apis/meta/v1.MicroTime":  "s",
	"k8s.io/apimachinery/pkg/apis/meta/v1.Duration":   "s",
	"k8s.io/apimachinery/pkg/apis/meta/v1.FieldsV1":   "*",
	"k8s.io/apimachinery/pkg/runtime.RawExtension":    "*",
}

type tabler struct {
	enums map[string][]string
	used  map[string]string
	names map[string]string
	lines map[string]string
	queue []reflect.Type
}

func writeTable(dir string) {
	t := &tabler{enums: enums(dir), used: map[string]string{}, names: map[string]string{}, lines: map[string]string{}}
	words := []string{}
	for _, kind := range kinds {
		words = append(words, strings.Fields(kind.name+" "+t.structName(reflect.TypeOf(kind.held))+";")...)
	}
	wrapped(words)
	fmt.Println("--")
	for len(t.queue) > 0 {
		next := t.queue[0]
		t.queue = t.queue[1:]
		t.lines[t.structName(next)] = strings.Join(t.fields(next), " ")
	}
	words = nil
	for _, name := range sorted(t.lines) {
		words = append(words, strings.Fields(name+" "+t.lines[name]+";")...)
	}
	wrapped(words)
	fmt.Println("--")
	words = nil
	for _, name := range sorted(t.used) {
		words = append(words, strings.Fields(name+" "+t.used[name]+";")...)
	}
	wrapped(words)
}

// wrapped prints words in lines of at most 118 letters.
func wrapped(words []string) {
	line := ""
	for _, word := range words {
		if line != "" && len(line)+1+len(word) > 118 {
			fmt.Println(line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	fmt.Println(line)
}

func sorted(m map[string]string) []string {
	names := []string{}
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// structName gives a type its short name; where two packages have one of the same name the later gets its group.
func (t *tabler) structName(of reflect.Type) string {
	full := of.PkgPath() + "." + of.Name()
	if name, known := t.names[full]; known {
		return name
	}
	name := of.Name()
	for _, taken := range t.names {
		if taken == name {
			parts := strings.Split(of.PkgPath(), "/")
			name = strings.Title(parts[len(parts)-2]) + strings.Title(parts[len(parts)-1]) + name
		}
	}
	t.names[full] = name
	t.queue = append(t.queue, of)
	return name
}

func (t *tabler) fields(of reflect.Type) []string {
	found := []string{}
	for i := 0; i < of.NumField(); i++ {
		field := of.Field(i)
		tag, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if tag == "" && field.Anonymous {
			found = append(found, t.fields(field.Type)...)
			continue
		}
		if tag == "-" || tag == "" {
			continue
		}
		if tag == "status" || tag == "managedFields" || tag == "ownerReferences" {
			found = append(found, tag+":*")
			continue
		}
		found = append(found, tag+":"+t.code(field.Type))
	}
	sort.Strings(found)
	return found
}

func (t *tabler) code(of reflect.Type) string {
	if of.Kind() == reflect.Ptr {
		return t.code(of.Elem())
	}
	if code, known := plain[of.PkgPath()+"."+of.Name()]; known {
		return code
	}
	switch of.Kind() {
	case reflect.String:
		name := of.Name()
		if values, known := t.enums[of.PkgPath()+"."+name]; known && name != "Signal" {
			t.used[name] = strings.Join(values, " ")
			return "?" + name
		}
		return "s"
	case reflect.Bool:
		return "b"
	case reflect.Int32:
		return "i"
	case reflect.Int64:
		return "l"
	case reflect.Slice:
		if of.Elem().Kind() == reflect.Uint8 {
			return "y"
		}
		return "[" + t.code(of.Elem())
	case reflect.Map:
		return "{" + t.code(of.Elem())
	case reflect.Struct:
		return t.structName(of)
	}
	panic(of.String())
}

// closed are types that validation.go holds to their constants although they are not marked `+enum`.
var closed = map[string]bool{
	"PathType":             true,
	"MetricSourceType":     true,
	"MetricTargetType":     true,
	"HPAScalingPolicyType": true,
	"ScalingPolicySelect":  true,
}

// enums are the values of every type that is marked `+enum`, or closed, by package and name.
func enums(dir string) map[string][]string {
	found := map[string][]string{}
	paths, err := filepath.Glob(filepath.Join(dir, "*", "*", "types.go"))
	check(err)
	for _, path := range paths {
		relative, err := filepath.Rel(dir, filepath.Dir(path))
		check(err)
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		check(err)
		collect(file, "k8s.io/api/"+filepath.ToSlash(relative), found)
	}
	return found
}

func collect(file *ast.File, pkg string, found map[string][]string) {
	marked := map[string]bool{}
	for _, declared := range file.Decls {
		general, ok := declared.(*ast.GenDecl)
		if !ok || general.Tok != token.TYPE {
			continue
		}
		for _, spec := range general.Specs {
			one := spec.(*ast.TypeSpec)
			if closed[one.Name.Name] || strings.Contains(comment(general.Doc)+comment(one.Doc), "+enum") {
				marked[one.Name.Name] = true
			}
		}
	}
	for _, declared := range file.Decls {
		general, ok := declared.(*ast.GenDecl)
		if !ok || general.Tok != token.CONST {
			continue
		}
		for _, spec := range general.Specs {
			one := spec.(*ast.ValueSpec)
			if len(one.Values) != 1 {
				continue
			}
			name, value := constant(one)
			if marked[name] && value != nil {
				text, err := strconv.Unquote(value.Value)
				check(err)
				found[pkg+"."+name] = append(found[pkg+"."+name], text)
			}
		}
	}
}

// constant is the type and the text of `X T = "x"` or `X = T("x")`; nil where it is written otherwise.
func constant(one *ast.ValueSpec) (string, *ast.BasicLit) {
	if of, ok := one.Type.(*ast.Ident); ok {
		literal, _ := one.Values[0].(*ast.BasicLit)
		return of.Name, literal
	}
	if call, ok := one.Values[0].(*ast.CallExpr); ok && len(call.Args) == 1 {
		of, _ := call.Fun.(*ast.Ident)
		literal, _ := call.Args[0].(*ast.BasicLit)
		if of != nil {
			return of.Name, literal
		}
	}
	return "", nil
}

// comment is the raw text of a comment, whose `+` markers CommentGroup.Text keeps only in part.
func comment(group *ast.CommentGroup) string {
	if group == nil {
		return ""
	}
	lines := []string{}
	for _, line := range group.List {
		lines = append(lines, line.Text)
	}
	return strings.Join(lines, "\n")
}

// -------------------------------------------------------------- lifecycles

// lifecycles prints `group/version Kind introduced deprecated removed` of each type that tells it, 0 for what it does not.
func lifecycles(dir string) {
	paths, err := filepath.Glob(filepath.Join(dir, "*", "*", "zz_generated.prerelease-lifecycle.go"))
	check(err)
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		check(err)
		api := groupVersion(filepath.Dir(path))
		told := map[string]map[string]string{}
		for _, declared := range file.Decls {
			function, ok := declared.(*ast.FuncDecl)
			if !ok || function.Recv == nil || !strings.HasPrefix(function.Name.Name, "APILifecycle") {
				continue
			}
			kind := function.Recv.List[0].Type.(*ast.StarExpr).X.(*ast.Ident).Name
			result := function.Body.List[0].(*ast.ReturnStmt).Results
			if len(result) == 2 {
				if told[kind] == nil {
					told[kind] = map[string]string{}
				}
				told[kind][strings.TrimPrefix(function.Name.Name, "APILifecycle")] = result[1].(*ast.BasicLit).Value
			}
		}
		for kind, when := range told {
			fmt.Println(api, kind, or0(when["Introduced"]), or0(when["Deprecated"]), or0(when["Removed"]))
		}
	}
}

func or0(text string) string {
	if text == "" {
		return "0"
	}
	return text
}

func groupVersion(dir string) string {
	text, err := os.ReadFile(filepath.Join(dir, "register.go"))
	check(err)
	_, rest, _ := strings.Cut(string(text), "const GroupName = \"")
	group, _, _ := strings.Cut(rest, "\"")
	if group == "" {
		return filepath.Base(dir)
	}
	return group + "/" + filepath.Base(dir)
}
