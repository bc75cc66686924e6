// SPDX-License-Identifier: AGPL-3.0-only
pragma solidity ^0.8.27;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC721A} from "erc721a/contracts/ERC721A.sol";

/// ERC721A, minted by its owner: cheap for many to one, as the next owners pay for it.
contract BatchPasses is ERC721A, Ownable {
    constructor() ERC721A("Studio", "STU") Ownable(msg.sender) {}

    function mint(address to) external onlyOwner {
        _mint(to, 1);
    }

    function mintMany(address to, uint256 count) external onlyOwner {
        _mint(to, count);
    }

    function mintMany(address[] calldata to) external onlyOwner {
        for (uint256 i = 0; i < to.length; ++i) _mint(to[i], 1);
    }

    function _startTokenId() internal pure override returns (uint256) {
        return 1;
    }
}
