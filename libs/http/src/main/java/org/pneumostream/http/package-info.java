/** What all services have in common over HTTP: listener, roles and tokens, limits, errors. */
package org.pneumostream.http;
