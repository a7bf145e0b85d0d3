package io.claviger.attack;

import io.claviger.localmesh.LocalMesh;
import io.claviger.scenario.StubApiServer;

/**
 * The mesh that is attacked.
 *
 * @param mesh of real processes
 * @param quick whether to send fewer of the inputs that come in large numbers
 * @param cluster whose pods it serves, as its brokers see it
 * @param secrets that were issued so far
 */
public record Target(LocalMesh mesh, boolean quick, StubApiServer cluster, IssuedSecrets secrets) {}
