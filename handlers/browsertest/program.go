package browsertest

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// The programs that all tests of a process share, in one folder: this version, and a newer one. Each is built on first
// use, and callers wait only for the one they need.
var (
	programs     = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "chitchat-test-") })
	thisProgram  = sync.OnceValues(func() (string, error) { return build(false) })
	newerProgram = sync.OnceValues(func() (string, error) { return build(true) })
)

// build compiles the program. The newer version has one more script, which does nothing.
func build(newer bool) (string, error) {
	dir, err := programs()
	if err != nil {
		return "", err
	}
	root, err := sources()
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "chitchat")
	args := []string{"build"}
	if RaceDetector {
		args = append(args, "-race")
	}
	if newer {
		path += "-newer"
		overlay, err := overlay(root, dir)
		if err != nil {
			return "", err
		}
		args = append(args, "-overlay", overlay)
	}
	if out, err := exec.Command("go", append(args, "-o", path, "chitchat")...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the program: %w\n%s", err, out)
	}
	return path, nil
}

// sources returns the module's folder, and reads every folder in it: go test records what a test reads, and reruns it
// when that changes. Otherwise it would report (cached) for a program that it has not tested.
func sources() (string, error) {
	said, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "chitchat").Output()
	if err != nil {
		return "", fmt.Errorf("finding the module: %w", err)
	}
	root := strings.TrimSuffix(string(said), "\n")
	return root, filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() && path != root && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".")) {
			return filepath.SkipDir
		}
		return err
	})
}

// overlay writes the file that makes the compiler see an additional script.
func overlay(root, dir string) (string, error) {
	const behaviour = "assets/js/permalink.js"
	here := filepath.Join(root, behaviour)
	was, err := os.ReadFile(here)
	if err != nil {
		return "", err
	}
	other, list := filepath.Join(dir, "newer.js"), filepath.Join(dir, "overlay.json")
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {here: other}})
	if err == nil {
		err = os.WriteFile(list, replace, 0o644)
	}
	if err == nil {
		err = os.WriteFile(other, append(was, "window.newer = true;\n"...), 0o644)
	}
	return list, err
}

// removePrograms removes what was built, if anything was.
func removePrograms() error {
	dir, err := programs()
	if err != nil {
		return err
	}
	return os.RemoveAll(dir)
}
