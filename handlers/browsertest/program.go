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

// The programs that all tests of a process share, in one folder: this version, and one that comes after it. Each is
// built when it is first asked for, and nobody who wants the one waits for the other.
var (
	programs     = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "chitchat-test-") })
	thisProgram  = sync.OnceValues(func() (string, error) { return build(false) })
	newerProgram = sync.OnceValues(func() (string, error) { return build(true) })
)

// build makes the program. The newer one is this one with a behaviour more, which does nothing.
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

// sources is the folder of the module, and reads every folder in it: go test notes what a test has read, and runs it
// anew when that has changed. Else it would say (cached) of a program that it has never seen.
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

// overlay writes the file that lets the compiler see another behaviour than the one that is there.
func overlay(root, dir string) (string, error) {
	const behaviour = "assets/js/welcome.js"
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
