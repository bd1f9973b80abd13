/** The versions of a model on the topic {@code models}, the champion and its history. */
package org.pneumostream.models;
