# The edge, from the built jars. Use build.sh, or at the top of the project
#   docker build -f k8s/images/node-edge.Dockerfile -t claviger/node-edge:0.1.0-SNAPSHOT .
# BASE is the build stage's image: a Debian-like system with a JDK 25, and apt or the two tools of `stage tools`. Only a few of its
# libraries get into the image.
ARG BASE=docker.io/library/eclipse-temurin:25-jdk

FROM ${BASE} AS build
COPY k8s/images/stage /usr/local/bin/
RUN stage tools
RUN stage runtime java.base,java.logging,java.management,java.naming,java.xml,jdk.unsupported
COPY broker/pom.xml /build/broker/
COPY broker/target/ /build/broker/target/
COPY node-edge/pom.xml /build/node-edge/
COPY node-edge/target/ /build/node-edge/target/
COPY load-tests/target/ /build/load-tests/target/
# Runs a mesh on loopback for a short time. The classes and hot methods of the edge go into its AOT cache.
RUN java -Dclaviger.java.node-edge=/usr/lib/jvm/claviger -jar /build/load-tests/target/load-tests.jar aot
COPY k8s/images/link /build/
RUN stage root node-edge 64170

FROM scratch
COPY --from=build /image/ /
USER 64170:64170
ENTRYPOINT ["/usr/lib/jvm/claviger/bin/java", "-XX:AOTCache=/opt/claviger/node-edge.aot", "@/opt/claviger/jvm.options", "-jar", "/opt/claviger/node-edge.jar"]
CMD ["--config", "/etc/claviger/edge/edge.yaml"]
