/** Test fixtures that the tests of several modules use. */
package org.pneumostream.support;
