// Package faulttest injects faults into the running program, and tests that acknowledged messages survive, once and in
// order, and that readers see all of them.
//
//   - TestCrash kills the program during traffic, repeatedly: -crashes sets how often.
//   - TestRestart restarts it under a thousand open sockets.
//   - TestFullDisk fills its disk, and frees space again.
//   - TestMisbehave connects thousands of clients that break the protocol.
//   - TestFilesRunOut uses up its file descriptors.
//
// Every test run has short forms of them. The long forms are `task crash` and `task soak`.
package faulttest
