//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of times in /proc: USER_HZ is 100 on every Linux that Go supports.
const tick = 10 * time.Millisecond

// cpuTime returns a process's processor time, in user mode and in the kernel, to a precision of a tick.
func cpuTime(pid int) (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	return parseStat(stat)
}

// parseStat parses utime and stime, the 14th and 15th field. The second field is a name that may contain spaces.
func parseStat(stat []byte) (time.Duration, error) {
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 13 {
		return 0, fmt.Errorf("%d fields after the name in /proc/PID/stat", len(fields))
	}
	var ticks int64
	for _, field := range fields[11:13] {
		n, err := strconv.ParseInt(string(field), 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * tick, nil
}

// memory is a process's memory in bytes. Pss divides shared pages among the processes that share them.
type memory struct{ Pss, Rss int64 }

func memoryOf(pid int) (memory, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return memory{}, err
	}
	return parseSmaps(string(text))
}

func parseSmaps(text string) (m memory, err error) {
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(line, ":")
		var into *int64
		switch name {
		case "Pss":
			into = &m.Pss
		case "Rss":
			into = &m.Rss
		default:
			continue
		}
		kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
		if err != nil {
			return memory{}, err
		}
		*into = kib << 10
	}
	if m.Rss == 0 {
		return memory{}, fmt.Errorf("no Rss in /proc/PID/smaps_rollup")
	}
	return m, nil
}

// machineTime is the time of all processors since boot: busy for processes of this system, and stolen by the host of a
// virtual machine.
type machineTime struct{ busy, stolen time.Duration }

func machine() (machineTime, error) {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return machineTime{}, err
	}
	return parseMachine(stat)
}

// parseMachine parses the first line: cpu user nice system idle iowait irq softirq steal …
func parseMachine(stat []byte) (m machineTime, err error) {
	line, _, _ := bytes.Cut(stat, []byte("\n"))
	fields := bytes.Fields(line)
	if len(fields) < 9 || string(fields[0]) != "cpu" {
		return m, fmt.Errorf("/proc/stat begins with %q", line)
	}
	for i, field := range fields[1:9] {
		n, err := strconv.ParseInt(string(field), 10, 64)
		if err != nil {
			return m, err
		}
		switch i {
		case 3, 4: // idle and iowait
		case 7:
			m.stolen = time.Duration(n) * tick
		default:
			m.busy += time.Duration(n) * tick
		}
	}
	return m, nil
}

// queue is the kernel's send queue of a connection.
type queue struct {
	size int64 // bytes sent and not acknowledged
	open bool  // neither end has closed it
}

// queues returns the kernel's queues of the sockets at these loopback ports, by port.
func queues(ports map[int]bool) (map[int]queue, error) {
	text, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		return nil, err
	}
	return parseQueues(text, ports)
}

// parseQueues finds the sockets whose remote port is one of the ports. The line of a socket begins with its number,
// local and remote address, state (1 while it is open), and tx_queue:rx_queue, all in hexadecimal.
func parseQueues(text []byte, ports map[int]bool) (map[int]queue, error) {
	found := make(map[int]queue)
	for line := range bytes.Lines(text) {
		fields := bytes.Fields(line)
		if len(fields) < 5 || !bytes.HasSuffix(fields[0], []byte(":")) {
			continue
		}
		_, portText, _ := bytes.Cut(fields[2], []byte(":"))
		port, err := strconv.ParseInt(string(portText), 16, 32)
		if err != nil {
			return nil, err
		}
		if !ports[int(port)] {
			continue
		}
		sizeText, _, _ := bytes.Cut(fields[4], []byte(":"))
		size, err := strconv.ParseInt(string(sizeText), 16, 64)
		if err != nil {
			return nil, err
		}
		found[int(port)] = queue{size: size, open: string(fields[3]) == "01"}
	}
	return found, nil
}
