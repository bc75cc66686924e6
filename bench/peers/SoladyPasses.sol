// SPDX-License-Identifier: AGPL-3.0-only
pragma solidity ^0.8.27;

import {Ownable} from "solady/src/auth/Ownable.sol";
import {ERC721} from "solady/src/tokens/ERC721.sol";

/// Solady's ERC-721, minted by its owner and numbered from one.
contract SoladyPasses is ERC721, Ownable {
    uint256 private _last;

    constructor() {
        _initializeOwner(msg.sender);
    }

    function name() public pure override returns (string memory) {
        return "Studio";
    }

    function symbol() public pure override returns (string memory) {
        return "STU";
    }

    function tokenURI(uint256) public pure override returns (string memory) {
        return "";
    }

    function mint(address to) external onlyOwner {
        _mint(to, ++_last);
    }

    function mintMany(address[] calldata to) external onlyOwner {
        uint256 last = _last;
        for (uint256 i = 0; i < to.length; ++i) _mint(to[i], ++last);
        _last = last;
    }
}
