package io.claviger.attack;

import io.claviger.localmesh.LocalMesh;
import io.claviger.scenario.StubApiServer;

/**
 * The mesh that is attacked.
 *
 * @param mesh of real processes
 * @param quick fewer of those inputs that come in numbers
 * @param cluster whose pods it serves, as its brokers ask it
 * @param secrets that were issued so far
 */
public record Target(LocalMesh mesh, boolean quick, StubApiServer cluster, IssuedSecrets secrets) {}
