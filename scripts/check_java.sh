#!/bin/sh
# Say what to do where the Java that Spark would start is absent or too old.
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
version=$("$java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p')
if [ "${version:-0}" -lt 17 ]; then
    echo "Spark needs Java 17 or newer, found: ${version:-none}." \
        "On Debian: apt-get install openjdk-17-jre-headless" >&2
    exit 1
fi
