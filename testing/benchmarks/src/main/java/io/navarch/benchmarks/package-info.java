/// Measurements against a running cluster; `testing/benchmarks/run` starts one and prints them all.
package io.navarch.benchmarks;
