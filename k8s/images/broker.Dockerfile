# The broker, from the built jars. Use build.sh, or at the top of the project
#   docker build -f k8s/images/broker.Dockerfile -t claviger/broker:0.1.0-SNAPSHOT .
# BASE is the build stage's image: a Debian-like system with a JDK 25, and apt or the two tools of `stage tools`. Only a few of its
# libraries get into the image. The broker writes to /tmp only.
ARG BASE=docker.io/library/eclipse-temurin:25-jdk

FROM ${BASE} AS build
COPY k8s/images/stage /usr/local/bin/
RUN stage tools
RUN stage runtime java.se,jdk.management,jdk.net,jdk.unsupported
COPY broker/pom.xml /build/broker/
COPY broker/target/ /build/broker/target/
COPY node-edge/pom.xml /build/node-edge/
COPY node-edge/target/ /build/node-edge/target/
COPY load-tests/target/ /build/load-tests/target/
# Runs a mesh on loopback for a short time. The classes and hot methods of the broker go into its AOT cache.
RUN java -Dclaviger.java.broker=/usr/lib/jvm/claviger -jar /build/load-tests/target/load-tests.jar aot
RUN stage root broker 64171

FROM scratch
COPY --from=build /image/ /
USER 64171:64171
ENTRYPOINT ["/usr/lib/jvm/claviger/bin/java", "-XX:AOTCache=/opt/claviger/broker.aot", "@/opt/claviger/jvm.options", "-jar", "/opt/claviger/broker.jar"]
CMD ["--config", "/etc/claviger/broker/broker.yaml"]
