/** The benchmarks, each comparing two ways in turn in the same run. */
package org.pneumostream.bench;
