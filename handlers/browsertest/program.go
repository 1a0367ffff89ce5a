package browsertest

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

// built are the programs that all tests of a process share: this version, and one that comes after it.
var built struct {
	mu  sync.Mutex
	dir string
	all map[bool]program // by whether it is the newer one
}

// program is one that was built, or why it could not be.
type program struct {
	path string
	err  error
}

func builtProgram(newer bool) (string, error) {
	built.mu.Lock()
	defer built.mu.Unlock()
	p, ok := built.all[newer]
	if !ok {
		p.path, p.err = build(newer)
		if built.all == nil {
			built.all = make(map[bool]program)
		}
		built.all[newer] = p
	}
	return p.path, p.err
}

// build makes the program. The newer one is this one with a behaviour more, which does nothing.
func build(newer bool) (path string, err error) {
	if built.dir == "" {
		if built.dir, err = os.MkdirTemp("", "chitchat-test-"); err != nil {
			return "", err
		}
	}
	path = filepath.Join(built.dir, "chitchat")
	args := []string{"build"}
	if RaceDetector {
		args = append(args, "-race")
	}
	if newer {
		path += "-newer"
		overlay, err := overlay()
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

// overlay writes the file that lets the compiler see another behaviour than the one that is there.
func overlay() (string, error) {
	const behaviour = "assets/js/welcome.js"
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "chitchat").Output()
	if err != nil {
		return "", fmt.Errorf("finding the module: %w", err)
	}
	here := filepath.Join(string(root[:len(root)-1]), behaviour)
	was, err := os.ReadFile(here)
	if err != nil {
		return "", err
	}
	other, list := filepath.Join(built.dir, "newer.js"), filepath.Join(built.dir, "overlay.json")
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {here: other}})
	if err == nil {
		err = os.WriteFile(list, replace, 0o644)
	}
	if err == nil {
		err = os.WriteFile(other, append(was, "window.newer = true;\n"...), 0o644)
	}
	return list, err
}

func removeProgram() error {
	built.mu.Lock()
	defer built.mu.Unlock()
	if built.dir == "" {
		return nil
	}
	return os.RemoveAll(built.dir)
}
