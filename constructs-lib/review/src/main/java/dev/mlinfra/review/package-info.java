/** What a change does, risk first. */
package dev.mlinfra.review;
