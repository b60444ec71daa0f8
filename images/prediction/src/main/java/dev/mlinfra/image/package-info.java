/** What the image of the prediction function has beside the function itself. */
package dev.mlinfra.image;
