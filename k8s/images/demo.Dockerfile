# The other programs of the overlay demo, never used in production: a stand-in for STS and a Kafka broker. Also a pod that prints
# its identity and a pod that requests credentials repeatedly. Use build.sh, or with the built jars at the top of the project
#   docker build -f k8s/images/demo.Dockerfile -t claviger/demo:0.1.0-SNAPSHOT .
ARG BASE=docker.io/library/eclipse-temurin:25-jdk

FROM ${BASE} AS build
COPY k8s/images/stage /usr/local/bin/
RUN stage tools
RUN stage runtime java.se,jdk.management,jdk.net,jdk.unsupported
COPY load-tests/target/load-tests.jar /build/demo/target/demo.jar
COPY load-tests/target/lib/ /build/demo/target/lib/
RUN stage root demo 64172

FROM scratch
COPY --from=build /image/ /
USER 64172:64172
ENTRYPOINT ["/usr/lib/jvm/claviger/bin/java", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-jar", "/opt/claviger/demo.jar"]
CMD ["--help"]
