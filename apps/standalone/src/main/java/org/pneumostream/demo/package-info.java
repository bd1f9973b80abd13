/** The demo: scans are pushed and labeled, and the model is retrained and swapped. */
package org.pneumostream.demo;
