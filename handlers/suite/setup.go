package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
)

// setup installs what the tests need and this machine lacks.
var setup = []step{{"packages", packages}, {"browser and compiler", debian}}

var errWrongFolder = errors.New("this is run from the top of the checkout, as in: go run ./handlers/suite")

// packages installs the npm packages, which the program embeds: without them nothing compiles.
func packages(ctx context.Context) error {
	wanted, err := os.Stat("assets/package-lock.json")
	if err != nil {
		return errWrongFolder
	}
	if there, err := os.Stat("assets/node_modules/.package-lock.json"); err == nil &&
		!there.ModTime().Before(wanted.ModTime()) {
		return nil
	}
	return command(ctx, "npm", "ci", "--prefix", "assets")
}

// debian installs a browser, and the C compiler that the race detector needs.
func debian(ctx context.Context) error {
	named := os.Getenv("CHITCHAT_BROWSER")
	if (has("chromium") || has("chromium-browser") || has("google-chrome") || named != "" && named != "required") &&
		has("cc") {
		return nil
	}
	if !has("apt-get") {
		return errors.New("the tests need Chromium and a C compiler; this system has no apt-get: please install both by hand")
	}
	install := []string{"env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-q", "-y",
		"--no-install-recommends", "chromium", "gcc", "libc6-dev"}
	update := []string{"apt-get", "update", "-q"}
	if os.Getuid() != 0 {
		if !has("sudo") {
			return errors.New("the tests need Chromium and a C compiler; please run as root: apt-get install " +
				"chromium gcc libc6-dev")
		}
		install, update = append([]string{"sudo"}, install...), append([]string{"sudo"}, update...)
	}
	if err := command(ctx, update[0], update[1:]...); err != nil {
		return err
	}
	return command(ctx, install[0], install[1:]...)
}

func has(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}
